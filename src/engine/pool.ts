/**
 * libuv's thread pool, put to sleep for good. Its threads block no signal, so the kernel might give them one that
 * TypeScript catches. libuv can neither end them nor change their masks; a request that sleeps in sigsuspend(2) does.
 */
import { readFileSync } from 'node:fs'
import { getpid } from '../libc/process.js'
import { occupyThreadPool } from './loop.js'
import { otherThreads } from './threads.js'

const PATIENCE_MS = 1000

/** All but the C library's own: 33 changes the user of all threads, 32 is never sent here. */
const ALL = 0xffff_fffe_7fff_ffffn
/** Signal 32, which tells those put to sleep again from those that have not noticed yet. */
const AGAIN = 1n << 31n
/** The kernel blocks neither SIGKILL nor SIGSTOP. */
const BLOCKABLE = ~((1n << 8n) | (1n << 18n))

/** The process whose pool sleeps, and with which mask; what is forked from it has no pool. */
const asleep = { pid: 0, count: 0, mask: ALL }

interface Mask {
  name: string
  blocked: bigint
}

function maskOf(folder: string): Mask {
  const status = readFileSync(`${folder}/status`, 'utf8')
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)`, 'm').exec(status)?.[1] ?? '0'
  return { name: field('Name'), blocked: BigInt(`0x${field('SigBlk')}`) }
}

/** Threads that would take a signal sent to the process. */
const openThreads = (): string[] =>
  otherThreads(maskOf)
    .filter(({ blocked }) => (blocked | ~BLOCKABLE | ~ALL) !== -1n)
    .map(({ name }) => name)

function waitUntil(reached: () => boolean): void {
  const deadline = performance.now() + PATIENCE_MS
  while (!reached() && performance.now() < deadline);
}

/**
 * Makes every other thread block all signals. V8's threads must have been stopped; libuv's are lost for this process.
 *
 * @returns the names of threads that still take signals; none if all went well
 */
export function closeThreadsToSignals(): string[] {
  const open = openThreads()
  if (open.length === 0) return open
  occupyThreadPool(open.length, ALL)
  Object.assign(asleep, { pid: getpid(), count: open.length, mask: ALL })
  waitUntil(() => openThreads().length === 0)
  return openThreads()
}

/** After a change of user or group: for that the C library has woken every thread. */
export function closeThreadsAgain(): void {
  if (asleep.pid !== getpid()) return
  const { count } = asleep
  asleep.mask ^= AGAIN
  occupyThreadPool(count, asleep.mask)
  const wanted = asleep.mask & BLOCKABLE
  waitUntil(() => otherThreads(maskOf).filter(({ blocked }) => blocked === wanted).length >= count)
}
