/** Tells whoever started the server where it listens. */
import { closeSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { exactAddress } from '../libc/address.js'
import type { Listening } from '../supervisor/plan.js'

export interface Announcements {
  /** A file for the port, or the `unix:` address, of the first listener. */
  readonly portFile: string | undefined
  /** A descriptor for the same; closed afterwards. */
  readonly portFd: number | undefined
}

/** @throws {Error} ENOENT, EACCES, EBADF, … when nobody could be told */
export function announce({ portFile, portFd }: Announcements, [first]: readonly Listening[]): void {
  if (first === undefined) return
  const line = `${first.address.family === 'unix' ? exactAddress(first.address) : first.address.port}\n`
  if (portFd !== undefined) {
    writeSync(portFd, line)
    closeSync(portFd)
  }
  if (portFile !== undefined) {
    // renamed into place, so that whoever waits for the file never reads half of it
    writeFileSync(`${portFile}.new`, line)
    renameSync(`${portFile}.new`, portFile)
  }
}
