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

/** Whom a test that started this program has listen: see src/testing. For the first server of the program only. */
function takeAnnounceFd(): number | undefined {
  const text = process.env['TINED_ANNOUNCE_FD']
  // not for the programs that this one starts
  delete process.env['TINED_ANNOUNCE_FD']
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

let announceFd = takeAnnounceFd()

/** Descriptors that are for this process alone. */
export const descriptorsToAnnounce = ({ portFd }: Announcements): number[] =>
  [portFd, announceFd].filter((fd) => fd !== undefined)

/** Says which option it was that could not be done: the user may not know the file or the descriptor. */
function named(name: string, act: () => void): void {
  try {
    act()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw Object.assign(new Error(`${name}: ${message}`, { cause: error }), { code })
  }
}

/**
 * @param nameOf what errors call an option
 * @throws {Error} ENOENT, EACCES, EBADF, … when nobody could be told
 */
export function announce(
  { portFile, portFd }: Announcements,
  listening: readonly Listening[],
  nameOf: (option: keyof Announcements) => string = String,
): void {
  const [first] = listening
  if (first === undefined) return
  const line = `${first.address.family === 'unix' ? exactAddress(first.address) : first.address.port}\n`
  if (portFd !== undefined)
    named(nameOf('portFd'), () => {
      writeSync(portFd, line)
      closeSync(portFd)
    })
  if (portFile !== undefined)
    named(nameOf('portFile'), () => {
      // renamed into place, so that whoever waits for the file never reads half of it
      writeFileSync(`${portFile}.new`, line)
      renameSync(`${portFile}.new`, portFile)
    })
  if (announceFd === undefined) return
  writeSync(announceFd, `${JSON.stringify({ addresses: listening.map(({ address }) => exactAddress(address)) })}\n`)
  closeSync(announceFd)
  announceFd = undefined
}
