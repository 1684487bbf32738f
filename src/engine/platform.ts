/**
 * V8's platform threads, stopped and started again in the running process (way A of docs/fork-safety.md).
 *
 * Node's platform object holds a shared pointer to the runner that owns the worker threads. We join them through
 * Node's own functions, and point the platform at a runner that is shut down; later at a fresh one. The symbols are
 * exported but internal, so everything is looked up and cross-checked first, and `unavailable` says why not.
 */
import type { Address } from '../libc/ffi.js'
import { usleep } from '../libc/process.js'
import { calloc, type Live, PLATFORM_BYTES, PLATFORM_WORDS, probe, words } from './platform-probe.js'
import { callOf, nameOf, otherThreads, SYS_futex } from './threads.js'
import { collectGarbage, useThreads } from './v8-flags.js'

let live: Live | string | undefined
let own: Address | undefined
let stopped = false

const ready = (): Live => {
  live ??= probe()
  if (typeof live === 'string') throw new Error(live)
  return live
}

/** Says why V8's threads cannot be stopped in this process; `undefined` when they can. */
export function unavailable(): string | undefined {
  live ??= probe()
  return typeof live === 'string' ? live : undefined
}

/** Between looks at the workers. */
const LOOK_AGAIN_US = 200
/** Reports whether a worker is at work. Workers have no names before Node 24, where nothing has to be awaited. */
const workersBusy = (): boolean =>
  otherThreads((folder) => nameOf(folder).endsWith('V8Worker') && callOf(folder) !== SYS_futex).includes(true)

/**
 * Waits until no worker has anything to do. Since Node 24 its own drain waits for urgent tasks only, and drops the rest:
 * a compilation that was dropped is waited for, for ever. A worker sleeps in futex(2) when the queue is empty.
 */
function awaitWorkers(): void {
  while (workersBusy()) usleep(LOOK_AGAIN_US)
}

/**
 * Joins V8's platform threads after they have finished what is queued, and collects garbage. No effect when they are stopped.
 *
 * @param quiet whether no other thread that runs JavaScript can have queued anything since it was last called; it is called once before
 * the queue is emptied and once after it. What is queued later is lost, and V8 would wait for it for ever
 * @returns false when that was never so in `patienceMs`; then nothing has happened
 */
export function stopThreads(quiet: () => boolean = () => true, patienceMs = 0): boolean {
  if (stopped) return true
  const { functions, platform, pair, parked } = ready()
  const runner = platform[pair] as Address
  const control = platform[pair + 1] as Address
  const deadline = performance.now() + patienceMs
  useThreads(false)
  let emptied = false
  try {
    for (;;) {
      quiet()
      functions.drain(runner)
      awaitWorkers()
      emptied = quiet()
      if (emptied || performance.now() > deadline) break
      usleep(LOOK_AGAIN_US)
    }
  } finally {
    // EMFILE, of whoever reads /proc, among others
    if (!emptied) useThreads(true)
  }
  if (!emptied) return false
  platform[pair] = parked[0]
  platform[pair + 1] = parked[1]
  if (own === undefined) {
    functions.shutdown(runner)
  } else {
    // give the pool back to the object that made it, whose destructor joins and frees it
    const made = words(own, PLATFORM_WORDS)
    made[pair] = runner
    made[pair + 1] = control
    functions.destroy(own)
  }
  stopped = true
  collectGarbage()
  return true
}

/** Starts `threads` fresh platform threads, with locks of their own. No effect when threads run. */
export function startThreads(threads: number): void {
  if (!stopped) return
  const { functions, platform, pair } = ready()
  own ??= BigInt(calloc(1, PLATFORM_BYTES))
  functions.construct(own, threads, platform[pair - 2] as Address, null)
  const made = words(own, PLATFORM_WORDS)
  platform[pair] = made[pair] as Address
  platform[pair + 1] = made[pair + 1] as Address
  made[pair] = 0n
  made[pair + 1] = 0n
  stopped = false
  useThreads(true)
}

interface AsyncWait {
  waitAsync(array: Int32Array, index: number, value: number, timeoutMs: number): unknown
}

/**
 * Makes V8 run what was posted to the main thread before a fork, like the end of a WebAssembly compilation: the wake-up
 * for it was lost with the parent's loop. A wait that times out posts one more task, and that one's wake-up serves all.
 */
export function wakeForTasks(): void {
  const { waitAsync } = Atomics as unknown as AsyncWait
  waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
}
