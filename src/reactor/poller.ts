/** The contract of a poller: who asks the kernel which descriptors are ready. It knows nothing of callbacks. */
import { READABLE, WRITABLE } from './reactor.js'

export const POLLERS = ['epoll', 'poll', 'select'] as const
export type PollerName = (typeof POLLERS)[number]

/**
 * With READABLE, in an interest: other processes wait for the same descriptor, and one of them is enough. Only epoll can
 * tell the kernel (EPOLLEXCLUSIVE); with the others everybody wakes.
 */
export const SHARED = 4

/** Whatever it was asked: a descriptor in error or hung up. */
export const ANYTHING = READABLE | WRITABLE

/** With ANYTHING, in a readiness, from a poller that has `more`: an error or an end, after which no edge may come. */
export const FAILED = 16

export interface Poller {
  /** A descriptor that is readable while something is ready; undefined where the kernel has none for the set. */
  readonly descriptor: number | undefined
  /**
   * Replaces what is waited for of `fd`: READABLE, WRITABLE, SHARED, DRAINS; 0 for nothing. A poller to which less is a system call
   * may go on reporting more, and has `unwanted`.
   */
  set(fd: number, interest: number): void
  /** Forgets `fd`. To be called before it is closed. */
  forget(fd: number): void
  /**
   * Waits until something is ready; level-triggered.
   *
   * @param timeoutMs -1 waits without limit, 0 not at all
   * @returns how many descriptors are; 0 at the time-out, or when a signal interrupted
   */
  wait(timeoutMs: number): number
  /** Of what the last wait found. Valid until the next one, whatever is set or forgotten meanwhile. */
  fd(index: number): number
  readiness(index: number): number
  close(): void
  /**
   * For a poller that reports changes only: of `fd` not all was taken that was reported, as its interest with DRAINS had
   * promised, so it must be reported again.
   */
  more?(fd: number): void
  /** For a poller that may report more than it was asked: this was not of interest, and must not be reported again. */
  unwanted?(fd: number): void
}
