/**
 * V8's platform threads, stopped and started again in the running process (way A of docs/fork-safety.md).
 *
 * Node's platform object holds a shared pointer to the runner that owns the worker threads. We join them through
 * Node's own functions, and point the platform at a runner that is shut down; later at a fresh one. The symbols are
 * exported but internal, so everything is looked up and cross-checked first, and `unavailable` says why not.
 */
import { getHeapCodeStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Address, c, dlsym, memoryAt } from '../libc/ffi.js'
import { callOf, nameOf, otherThreads, SYS_futex } from './threads.js'

const SYMBOLS = {
  construct: '_ZN4node12NodePlatformC1EiPN2v817TracingControllerEPNS1_13PageAllocatorE',
  destroy: '_ZN4node12NodePlatformD1Ev',
  drain: '_ZN4node23WorkerThreadsTaskRunner13BlockingDrainEv',
  shutdown: '_ZN4node23WorkerThreadsTaskRunner8ShutdownEv',
  count: '_ZN4node12NodePlatform21NumberOfWorkerThreadsEv',
  vtable: '_ZTVN4node12NodePlatformE',
  current: '_ZN4node11per_process11v8_platformE',
} as const

/** Words of a NodePlatform that we look at, and room for one that we construct. */
const PLATFORM_WORDS = 24
const PLATFORM_BYTES = 1024
/** The runner's shared_ptr lies behind the mutex and the map: word 15 on x86-64, 16 on arm64. */
const SCAN = { from: 8, to: 22 }

const calloc: (count: number, size: number) => Address | number = c('uint64_t calloc(size_t n, size_t size)')

const words = (address: Address, count: number): BigUint64Array => {
  const bytes = memoryAt(address, count * 8)
  return new BigUint64Array(bytes.buffer, bytes.byteOffset, count)
}
const plausible = (word: bigint): boolean => word > 0x10000n && word < 0xffff_ffff_ffffn && (word & 7n) === 0n

interface Functions {
  construct(platform: Address, threads: number, tracing: Address, allocator: null): void
  destroy(platform: Address): void
  drain(runner: Address): void
  shutdown(runner: Address): void
  count(platform: Address): number
}

interface Live {
  functions: Functions
  /** The running platform's words, and where the runner's pointer pair starts. */
  platform: BigUint64Array
  pair: number
  /** A runner that is shut down for good. */
  parked: [Address, Address]
}

/** Why the platform cannot be stopped and started here, or the handle to do it with. */
function probe(): Live | string {
  const addresses = Object.entries(SYMBOLS).map(([name, symbol]) => [name, dlsym(symbol)] as const)
  const missing = addresses.find(([, address]) => address === undefined)
  if (missing) return `this node binary does not export ${SYMBOLS[missing[0] as keyof typeof SYMBOLS]}`
  const { vtable, current } = Object.fromEntries(addresses) as Record<keyof typeof SYMBOLS, Address>
  const functions: Functions = {
    construct: c(`void ${SYMBOLS.construct}(uint64_t self, int threads, uint64_t tracing, void *allocator)`),
    destroy: c(`void ${SYMBOLS.destroy}(uint64_t self)`),
    drain: c(`void ${SYMBOLS.drain}(uint64_t self)`),
    shutdown: c(`void ${SYMBOLS.shutdown}(uint64_t self)`),
    count: c(`int ${SYMBOLS.count}(uint64_t self)`),
  }
  const object = [...words(current, 16)].find((word) => plausible(word) && words(word, 1)[0] === vtable + 16n)
  if (object === undefined) return 'the running V8 platform was not found behind node::per_process::v8_platform'
  const platform = words(object, PLATFORM_WORDS)
  const pair = findPair(platform)
  if (pair < 0) return 'the layout of node::NodePlatform is not one we know'
  const spare = BigInt(calloc(1, PLATFORM_BYTES))
  functions.construct(spare, 1, platform[pair - 2] as Address, null)
  const counted = functions.count(spare)
  const parkedWords = words(spare, PLATFORM_WORDS)
  functions.shutdown(parkedWords[pair] as Address)
  if (counted !== 1 && counted !== 2) return `a platform made with 1 thread counts ${counted}`
  return { functions, platform, pair, parked: [parkedWords[pair] as Address, parkedWords[pair + 1] as Address] }
}

/** The pair is object, control block, and libstdc++ puts a make_shared object 16 bytes behind its control block. */
function findPair(platform: BigUint64Array): number {
  for (let index = SCAN.from; index < SCAN.to; index++) {
    const word = platform[index] as bigint
    if (plausible(word) && platform[index + 1] === word - 16n) return index
  }
  return -1
}

let live: Live | string | undefined
let own: Address | undefined
let stopped = false

const ready = (): Live => {
  live ??= probe()
  if (typeof live === 'string') throw new Error(live)
  return live
}

/**
 * What V8 would hand to its threads and then wait for: optimisation, marking, sweeping. A job posted while none exist is
 * lost, and the end of the event loop spins for it for ever (seen on Node 20 to 26 after garbage collection meanwhile).
 * These may be switched at run time; `--single-threaded-gc` may not.
 */
const GARBAGE = ['incremental-marking', 'concurrent-sweeping']
/** What Node was told, on its command line or in NODE_OPTIONS. */
export const startedWith = (flag: string): boolean =>
  process.execArgv.includes(flag) || (process.env['NODE_OPTIONS'] ?? '').split(/\s+/).includes(flag)
/** A compiler that was off must stay off: switched on under `--jitless` it crashes. */
const compilers = (): string[] => (startedWith('--jitless') ? [] : ['opt', ...(hasMaglev() ? ['maglev'] : [])])
/** On by default since Node 24. */
const hasMaglev = (): boolean => Number(process.versions.node.split('.')[0]) >= 24 || startedWith('--maglev')

function useThreads(on: boolean): void {
  for (const flag of [...compilers(), ...GARBAGE]) {
    const off = `--no-${flag}`
    if (!startedWith(off)) setFlagsFromString(on ? `--${flag}` : off)
  }
}

let collect: (() => void) | undefined

/**
 * Collects garbage at once and to the end. A marking or sweeping cycle that was under way when the threads ended would
 * wait for them for ever; this finishes it on the calling thread.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
    setFlagsFromString('--no-expose-gc')
  }
  collect()
}

/**
 * Finishes the last collection: V8 would sweep page by page whenever it needs room, in whatever process that is, and all
 * at once when optimised code gives up. To count the code V8 walks its heap, which it first has to sweep.
 */
export function finishSweeping(): void {
  getHeapCodeStatistics()
}

/** Says why V8's threads cannot be stopped in this process; `undefined` when they can. */
export function unavailable(): string | undefined {
  live ??= probe()
  return typeof live === 'string' ? live : undefined
}

/** Between looks at the workers. */
const LOOK_AGAIN_US = 200
/** usleep(3) */
export const usleep: (microseconds: number) => number = c('int usleep(unsigned int usec)')

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

/** Joins V8's platform threads after they have finished what is queued, and collects garbage. No effect when they are stopped. */
export function stopThreads(): void {
  if (stopped) return
  const { functions, platform, pair, parked } = ready()
  const runner = platform[pair] as Address
  const control = platform[pair + 1] as Address
  useThreads(false)
  functions.drain(runner)
  awaitWorkers()
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
