/**
 * Blocking reads and writes on descriptors that may be non-blocking all the same: O_NONBLOCK belongs to the open file
 * description, and whoever shares standard input or output with us may have set it.
 */
import { POLLIN, POLLOUT } from '../libc/constants.js'
import { read, write } from '../libc/fd.js'
import { PollSet } from '../libc/poll.js'

const waiting = new PollSet()
waiting.add(-1, 0)

function wait(fd: number, events: number): void {
  waiting.set(0, fd, events)
  waiting.poll(-1)
}

/**
 * Waits for bytes and reads what there is.
 *
 * @returns how many; 0 at end of file
 */
export function readSome(fd: number, buffer: Uint8Array): number {
  for (;;) {
    const count = read(fd, buffer)
    if (count !== undefined) return count
    wait(fd, POLLIN)
  }
}

/** Writes all of `bytes`, however long that takes. @throws {PosixError} EPIPE, ECONNRESET, ENOSPC, … */
export function writeFully(fd: number, bytes: Uint8Array): void {
  let rest = bytes
  for (;;) {
    const count = write(fd, rest)
    if (count === rest.length) return
    if (count === undefined) wait(fd, POLLOUT)
    else rest = rest.subarray(count)
  }
}
