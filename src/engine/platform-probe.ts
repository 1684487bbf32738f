/**
 * Where the running platform is in memory, and what can be called to stop and start its threads. The symbols are exported but
 * internal, so everything is looked up and cross-checked.
 */
import { type Address, c, dlsym, memoryAt } from '../libc/ffi.js'

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
export const PLATFORM_WORDS = 24
export const PLATFORM_BYTES = 1024
/** The runner's shared_ptr lies behind the mutex and the map: word 15 on x86-64, 16 on arm64. */
const SCAN = { from: 8, to: 22 }

export const calloc: (count: number, size: number) => Address | number = c('uint64_t calloc(size_t n, size_t size)')

export const words = (address: Address, count: number): BigUint64Array => {
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

export interface Live {
  functions: Functions
  /** The running platform's words, and where the runner's pointer pair starts. */
  platform: BigUint64Array
  pair: number
  /** A runner that is shut down for good. */
  parked: [Address, Address]
}

/** Why the platform cannot be stopped and started here, or the handle to do it with. */
export function probe(): Live | string {
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
