/** Receiving while TypeScript handlers are installed: without waiting, and what MSG_WAITALL wants in parts. */
import type { FdArgument } from '../../libc/brand.js'
import { EINTR, MSG_DONTWAIT, POLLIN } from '../../libc/constants.js'
import { MSG_PEEK, MSG_WAITALL } from '../../libc/io-constants.js'
import { PosixError } from '../../libc/posix-error.js'
import { caught } from './caught-signals.js'
import { isStreamSocket } from './interrupted-write.js'
import { interruptible } from './interruptible.js'
import { unlessWaiting } from './without-waiting.js'

type Receive = (part: Uint8Array, flags: number) => number

/** Makes the call once; it waits until something has come. */
const once = (
  syscall: string,
  fd: FdArgument,
  part: Uint8Array,
  flags: number,
  receive: Receive,
  moved = false,
): number =>
  interruptible(
    syscall,
    fd,
    POLLIN,
    () => receive(part, flags),
    () => unlessWaiting(receive(part, flags | MSG_DONTWAIT)),
    moved,
  )

/**
 * Receives on a blocking socket, running handlers meanwhile.
 *
 * @param receive the call itself: returns what the C function returned
 * @returns the same
 * @throws {PosixError} EINTR, after a handler installed without SA_RESTART and before anything has come
 */
export function receiveInterruptibly(
  syscall: string,
  fd: FdArgument,
  buffer: Uint8Array,
  flags: number,
  receive: Receive,
): number {
  if (!(flags & MSG_WAITALL) || flags & MSG_PEEK || !isStreamSocket(fd))
    return once(syscall, fd, buffer, flags, receive)
  return receiveAll(syscall, fd, buffer, flags & ~MSG_WAITALL, receive)
}

/**
 * Until the buffer is full, the other end has shut down, or a handler has run after something has come. recv(2), MSG_WAITALL
 *
 * @param moved whether something has come already
 */
export function receiveAll(
  syscall: string,
  fd: FdArgument,
  buffer: Uint8Array,
  flags: number,
  receive: Receive,
  moved = false,
): number {
  let received = once(syscall, fd, buffer, flags, receive, moved)
  const before = caught.runs
  while (received > 0 && received < buffer.length && caught.runs === before) {
    const taken = more(syscall, fd, buffer.subarray(received), flags, receive)
    if (taken <= 0) break
    received += taken
  }
  return received
}

/** What was received counts; the next call tells of a failure. */
function more(syscall: string, fd: FdArgument, rest: Uint8Array, flags: number, receive: Receive): number {
  try {
    return once(syscall, fd, rest, flags, receive, true)
  } catch (error) {
    if (error instanceof PosixError && error.errno === -EINTR) return 0
    throw error
  }
}
