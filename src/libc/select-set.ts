/** select(2) over reusable bitmaps that grow with the descriptors. */
import { EINTR } from './constants.js'
import { c, lastErrno } from './ffi.js'
import { PosixError } from './posix-error.js'

const selectRaw: (
  nfds: number,
  readfds: Int32Array,
  writefds: Int32Array,
  exceptfds: null,
  timeout: Int32Array | null,
) => number = c('int select(int nfds, void *readfds, void *writefds, void *exceptfds, void *timeout)')

/** Bits of a word. */
const WORD = 32

/**
 * The readable and the writable set of select(2), kept apart from what the kernel answers.
 *
 * FD_SETSIZE (1024) is the size of C's `fd_set`, not a limit of Linux: the kernel reads as many bits as `nfds` says. These
 * sets therefore hold any descriptor, and grow with the largest. What stays is the cost: every bit up to it, every time.
 */
export class SelectSet {
  #wantedReads = new Int32Array(WORD)
  #wantedWrites = new Int32Array(WORD)
  #reads = new Int32Array(WORD)
  #writes = new Int32Array(WORD)
  /** struct timeval: two 64-bit numbers, of which the upper halves stay 0. */
  readonly #timeval = new Int32Array(4)
  /** Words that have a bit set, from the first. */
  words = 0

  /** Replaces what is asked about `fd`. */
  set(fd: number, readable: boolean, writable: boolean): void {
    const word = fd >> 5
    if (word >= this.#wantedReads.length) this.#grow(word)
    const bit = 1 << (fd & 31)
    const { [word]: reads = 0 } = this.#wantedReads
    const { [word]: writes = 0 } = this.#wantedWrites
    this.#wantedReads[word] = readable ? reads | bit : reads & ~bit
    this.#wantedWrites[word] = writable ? writes | bit : writes & ~bit
    if (readable || writable) this.words = Math.max(this.words, word + 1)
    else while (this.words > 0 && this.#empty(this.words - 1)) this.words--
  }

  /**
   * Waits until a descriptor is ready. select(2)
   *
   * @param timeoutMs -1 waits without limit, 0 not at all
   * @returns the number of bits set in the answer; 0 at the time-out or when a signal interrupted
   * @throws {PosixError} EBADF when one of them is closed
   */
  select(timeoutMs: number): number {
    this.#reads.set(this.#wantedReads)
    this.#writes.set(this.#wantedWrites)
    const ready = selectRaw(this.words * WORD, this.#reads, this.#writes, null, this.#limit(timeoutMs))
    if (ready >= 0) return ready
    if (lastErrno() !== EINTR) throw new PosixError(lastErrno(), 'select')
    return 0
  }

  /** The answer for descriptors `word * 32` to `word * 32 + 31`, one bit each. */
  readable(word: number): number {
    return this.#reads[word] as number
  }

  writable(word: number): number {
    return this.#writes[word] as number
  }

  /** Linux writes the time that was left back, so it is set anew each time. */
  #limit(timeoutMs: number): Int32Array | null {
    if (timeoutMs < 0) return null
    this.#timeval[0] = Math.floor(timeoutMs / 1000)
    this.#timeval[2] = (timeoutMs % 1000) * 1000
    return this.#timeval
  }

  #empty(word: number): boolean {
    return this.#wantedReads[word] === 0 && this.#wantedWrites[word] === 0
  }

  #grow(word: number): void {
    const length = Math.max(2 * this.#wantedReads.length, word + 1)
    const grown = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(length)
      larger.set(from)
      return larger
    }
    this.#wantedReads = grown(this.#wantedReads)
    this.#wantedWrites = grown(this.#wantedWrites)
    this.#reads = new Int32Array(length)
    this.#writes = new Int32Array(length)
  }
}
