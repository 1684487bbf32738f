/**
 * How one write gets out without waiting in the kernel, and without a change to the open file description, which siblings, the
 * launcher and the next program on a pipe have too: O_NONBLOCK would be set for all of them.
 *
 * - What has an offset (files, the null device) takes everything at once, and the offset must stay the common one.
 * - A socket is asked for each call. send(2), MSG_DONTWAIT
 * - A pipe or terminal is opened anew through /proc, which makes another description of the same thing. For one write only: kept
 *   open, it would hide its end from the reader of a program that closes or replaces its standard output.
 * - What cannot be opened anew (another user's, no descriptor free) is asked before each piece that surely fits.
 */
import { O_CLOEXEC, O_NONBLOCK, O_WRONLY, PIPE_BUF, POLLOUT } from '../../libc/constants.js'
import { isSeekable, isSocket } from '../../libc/descriptor-kind.js'
import { close, tryOpen, write } from '../../libc/fd.js'
import { O_NOCTTY } from '../../libc/io-constants.js'
import { PollSet } from '../../libc/poll.js'
import { sendNow } from '../../libc/stream.js'

export interface OutputChannel {
  /** What to wait for. */
  readonly fd: number
  /** Whether a write may be cut short, and so is nobody else's turn before its end. */
  readonly takesTurns: boolean
  /** Writes what there is room for; undefined when there is none. @throws {PosixError} EPIPE, EBADF, ENOSPC, … */
  put(bytes: Uint8Array): number | undefined
  close(): void
}

const stay = (): void => {}

export function openChannel(fd: number): OutputChannel {
  if (isSeekable(fd)) return { fd, takesTurns: false, put: (bytes) => write(fd, bytes), close: stay }
  if (isSocket(fd)) return { fd, takesTurns: true, put: (bytes) => sendNow(fd, bytes), close: stay }
  const own = tryOpen(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
  if (own === undefined) return { fd, takesTurns: true, put: (bytes) => writeIfRoom(fd, bytes), close: stay }
  return { fd: own, takesTurns: true, put: (bytes) => write(own, bytes), close: () => close(own) }
}

const writable = new PollSet()
writable.add(-1, POLLOUT)

/** Waits until there is room, at most so long; reports whether there is. poll(2) */
export function awaitRoom(fd: number, timeoutMs: number): boolean {
  writable.set(0, fd, POLLOUT)
  return writable.poll(timeoutMs) > 0
}

const writeIfRoom = (fd: number, bytes: Uint8Array): number | undefined =>
  awaitRoom(fd, 0) ? write(fd, bytes, Math.min(bytes.length, PIPE_BUF)) : undefined
