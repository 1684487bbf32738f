/**
 * Whether anything goes on in Node's loop since a moment, read from libuv's memory and Node's list of timers: cheap enough to be asked
 * before every wait of a process that would rather not run that loop.
 */
import { type Address, memoryAt, pointerAddress } from '../libc/ffi.js'
import type { Compilable } from './compile.js'
import { hiddenWaitBegan, watchHiddenWaits } from './hidden-waits.js'
import { defaultLoop } from './loop.js'
import { forgetStoppedTimers, type TimerQueue, timerLists } from './node-timers.js'

/**
 * uv_loop_t: data, active_handles, the ring of handles (two pointers), active_reqs.count (libuv 1.46 to 1.52). A handle that starts or
 * ends, a new one, referenced or not, and a request each change one of these.
 */
const HEADER = 8
const HEADER_BYTES = 28

const FAR_MS = 2 ** 31 - 1

export class LoopActivity {
  readonly #header: Int32Array
  readonly #timers: TimerQueue
  readonly #before = new Int32Array(HEADER_BYTES / 4)

  /** @throws {Error} when this Node is made in a way that we do not know */
  constructor() {
    const loop: Address = pointerAddress(defaultLoop())
    const { buffer, byteOffset } = memoryAt(loop + BigInt(HEADER), HEADER_BYTES)
    this.#header = new Int32Array(buffer, byteOffset, HEADER_BYTES / 4)
    const { timerListQueue } = timerLists()
    if (typeof timerListQueue?.peek !== 'function') throw new Error("Node's list of timers is not one we know")
    this.#timers = timerListQueue
    watchHiddenWaits()
    this.note()
    this.#assertLayout()
  }

  /** From now on what there is counts as nothing. */
  note(): void {
    this.#before.set(this.#header)
  }

  /** Something has begun since, or has ended. */
  get changed(): boolean {
    return this.loopChanged() || this.#timers.peek() !== undefined || hiddenWaitBegan()
  }

  private loopChanged(): boolean {
    const header = this.#header
    const before = this.#before
    for (let word = 0; word < before.length; word++) if (header[word] !== before[word]) return true
    return false
  }

  /** What is run when it is asked. */
  get asked(): Compilable[] {
    return [this.#timers.peek, hiddenWaitBegan]
  }

  /** The first timer that is referenced makes one handle more. Its time is far away: nothing happens because of it. */
  #assertLayout(): void {
    const timer = setTimeout(() => {}, FAR_MS)
    const seen = this.loopChanged()
    clearTimeout(timer)
    forgetStoppedTimers()
    if (!seen || this.changed) throw new Error('the layout of uv_loop_t is not one we know')
  }
}
