/**
 * libuv's thread pool, ended for good. Its threads block no signal, so the kernel might give them one that TypeScript
 * catches. libuv can neither end them nor change their masks; a request that calls pthread_exit(3) ends the thread it runs on.
 */
import { readFileSync } from 'node:fs'
import { usleep } from '../libc/process.js'
import { endPoolThreads, threadPoolSize } from './loop.js'
import { otherThreads } from './threads.js'

/** On a busy machine a thread may have to wait that long for a processor before it can end. */
const PATIENCE_MS = 2000
/** Between looks at the threads. */
const LOOK_AGAIN_US = 100

const EVERY = 2n ** 64n - 1n
/** SIGKILL and SIGSTOP, which the kernel does not block, and the C library's own: 32 and 33. */
const NEVER_BLOCKED = (1n << 8n) | (1n << 18n) | (1n << 31n) | (1n << 32n)

interface Thread {
  folder: string
  name: string
  /** Whether it would take a signal sent to the process. */
  open: boolean
}

function lookAt(folder: string): Thread {
  const status = readFileSync(`${folder}/status`, 'utf8')
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)`, 'm').exec(status)?.[1] ?? ''
  const blocked = BigInt(`0x${field('SigBlk')}`)
  return { folder, name: field('Name'), open: (blocked | NEVER_BLOCKED) !== EVERY }
}

/**
 * Leaves no other thread that takes signals. V8's threads must have been stopped; libuv's are lost for this process. A pool
 * that was never used is started for that: Node would start it at the first asynchronous call, however late that comes.
 *
 * @returns the names of threads that still take signals; none if all went well
 */
export function closeThreadsToSignals(): string[] {
  const before = otherThreads(lookAt)
  const closed = new Set(before.filter(({ open }) => !open).map(({ folder }) => folder))
  endPoolThreads(Math.max(threadPoolSize(), before.length - closed.size))
  // one that is about to end blocks signals already, but it may hold a lock of the C library, which a fork would copy
  const others = (): Thread[] => otherThreads(lookAt).filter(({ folder }) => !closed.has(folder))
  const deadline = performance.now() + PATIENCE_MS
  while (others().length > 0 && performance.now() < deadline) usleep(LOOK_AGAIN_US)
  return others().map(({ name }) => name)
}
