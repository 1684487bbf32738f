/** A socket file that nobody listens on was left by a server that was killed, and is removed. One in use, or soon to be, never is. */
import { linkSync, renameSync, unlinkSync } from 'node:fs'
import type { SocketAddress } from '../libc/address.js'
import { EADDRINUSE, ECONNREFUSED, ENOENT, SOCK_CLOEXEC, SOCK_STREAM } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { PosixError } from '../libc/posix-error.js'
import { connect, socket } from '../libc/socket.js'
import { isBeingOpened } from './port-holder.js'
import { isSame, lookAt } from './socket-file.js'

type UnixAddress = SocketAddress & { family: 'unix' }

/**
 * Makes room for bind(2); does nothing where no socket file is.
 *
 * @throws {PosixError} EADDRINUSE when a server has it, or starts with it at this moment
 */
export function removeStale(address: UnixAddress): void {
  const { path } = address
  const found = path.startsWith('\0') ? undefined : lookAt(path)
  if (!found?.isSocket()) return
  const inUse = new PosixError(EADDRINUSE, 'bind', { address: `unix:${path}` })
  // in this order: one that is being opened now answers by the time it is not any more
  if (isBeingOpened(path) || answers(address)) throw inUse
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = lookAt(aside)
  const isStale = moved === undefined || isSame(moved, found)
  // somebody else was faster, and has put theirs there
  if (!isStale) linkSync(aside, path)
  unlinkSync(aside)
  if (!isStale) throw inUse
}

function answers(address: UnixAddress): boolean {
  const probe = socket(address, SOCK_STREAM | SOCK_CLOEXEC)
  try {
    connect(probe, address)
    return true
  } catch (error) {
    const { errno } = error as PosixError
    if (errno === -ECONNREFUSED || errno === -ENOENT) return false
    throw error
  } finally {
    close(probe)
  }
}
