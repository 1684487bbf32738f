/** A socket file that nobody listens on was left by a server that was killed, and is removed. One in use, or soon to be, never is. */
import { unlinkSync } from 'node:fs'
import type { SocketAddress } from '../libc/address.js'
import { EADDRINUSE, ECONNREFUSED, ENOENT, SOCK_CLOEXEC, SOCK_STREAM } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { PosixError } from '../libc/posix-error.js'
import { connect, socket } from '../libc/socket.js'
import { isBeingOpened } from './port-holder.js'
import { lookAt } from './socket-file.js'

export type UnixAddress = SocketAddress & { family: 'unix' }

/**
 * Makes room for bind(2); does nothing where no socket file is. To be called while the folder is locked: between the look and the
 * removal another server could put its own there.
 *
 * @throws {PosixError} EADDRINUSE when a server has it, or starts with it at this moment
 */
export function removeStale(address: UnixAddress): void {
  const { path } = address
  if (!lookAt(path)?.isSocket()) return
  // in this order: one that is being opened now answers by the time it is not any more
  if (isBeingOpened(path) || answers(address)) throw new PosixError(EADDRINUSE, 'bind', { address: `unix:${path}` })
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
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
