/** poll(2) over a reusable array of struct pollfd. */

import { EINTR, EINVAL, POLLERR, POLLHUP, POLLIN } from './constants.js'
import { lastErrno } from './ffi.js'
import { PosixError } from './posix-error.js'
import { usleep } from './process.js'
import { pollRaw } from './raw.js'

const EACH_MS = 20

/**
 * An array of struct pollfd: 8 bytes each, `int fd; short events; short revents`.
 * Two 32-bit words an entry, so that setting one allocates nothing.
 */
export class PollSet {
  #words = new Int32Array(2 * 16)
  /** Entries in use. */
  length = 0

  /** Adds an entry. A negative fd is skipped by the kernel. */
  add(fd: number, events: number): void {
    if (this.length * 2 === this.#words.length) {
      const grown = new Int32Array(this.#words.length * 2)
      grown.set(this.#words)
      this.#words = grown
    }
    this.set(this.length++, fd, events)
  }

  /** Changes entry `index`. */
  set(index: number, fd: number, events: number): void {
    this.#words[index * 2] = fd
    this.#words[index * 2 + 1] = events
  }

  /** Removes entry `index`; the last one takes its place. */
  remove(index: number): void {
    this.length--
    this.#words[index * 2] = this.#words[this.length * 2] as number
    this.#words[index * 2 + 1] = this.#words[this.length * 2 + 1] as number
  }

  /** What the last poll reported for entry `index`. */
  revents(index: number): number {
    return (this.#words[index * 2 + 1] as number) >>> 16
  }

  /**
   * Waits until an entry is ready. poll(2)
   *
   * @param timeoutMs -1 waits without limit, 0 not at all
   * @returns the number of entries with revents; 0 at the time-out or when a signal interrupted
   */
  poll(timeoutMs: number): number {
    const ready = pollRaw(this.#words, this.length, timeoutMs)
    if (ready >= 0) return ready
    const errno = lastErrno()
    // more entries than the limit on descriptors, which was lowered below what is open
    if (errno === EINVAL) return this.pollEach(timeoutMs)
    if (errno !== EINTR) throw new PosixError(errno, 'poll')
    for (let index = 0; index < this.length; index++)
      this.#words[index * 2 + 1] = (this.#words[index * 2 + 1] as number) & 0xffff
    return 0
  }

  /** The same, one entry after another, from time to time. */
  private pollEach(timeoutMs: number): number {
    let ready = 0
    for (let index = 0; index < this.length; index++) {
      const at = index * 2
      this.#words[at + 1] = (this.#words[at + 1] as number) & 0xffff
      if (pollRaw(this.#words.subarray(at, at + 2), 1, 0) > 0) ready++
    }
    if (ready === 0 && timeoutMs !== 0) usleep(1000 * (timeoutMs < 0 ? EACH_MS : Math.min(timeoutMs, EACH_MS)))
    return ready
  }
}

/** What is true of a descriptor, right now or after a while. */
function reventsOf(fd: number, events: number, timeoutMs = 0): number {
  const entry = new Int32Array([fd, events])
  return pollRaw(entry, 1, timeoutMs) > 0 ? (entry[1] as number) >>> 16 : 0
}

/** Reports whether both directions of a socket are over, or it was reset. poll(2), POLLHUP */
export const hasHungUp = (fd: number): boolean => (reventsOf(fd, 0) & POLLHUP) !== 0

/** Waits until there is something to read, or to accept. poll(2), POLLIN */
export const awaitInput = (fd: number, timeoutMs: number): void =>
  void pollRaw(new Int32Array([fd, POLLIN]), 1, timeoutMs)

/** Reports whether there is something to read, or to accept, after at most so many milliseconds. poll(2), POLLIN */
export const hasInput = (fd: number, timeoutMs = 0): boolean => (reventsOf(fd, POLLIN, timeoutMs) & POLLIN) !== 0

/** Reports whether nobody can read what is written to it any more: the other end of a pipe is closed, a terminal gone. poll(2), POLLERR */
export const isUnread = (fd: number): boolean => (reventsOf(fd, 0) & (POLLERR | POLLHUP)) !== 0
