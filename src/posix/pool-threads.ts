/**
 * libuv's thread pool, put to sleep for good. Its threads block no signal, so the kernel might give them one that
 * TypeScript catches. libuv can neither end them nor change their masks; a request that sleeps in sigsuspend(2) does.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { getpid } from './process.js'
import { occupyThreadPool } from './uv.js'

const PATIENCE_MS = 1000

/** The process whose pool was put to sleep; what is forked from it has none. */
let asleepIn = 0

/** All but SIGKILL and SIGSTOP, and two that the C library keeps for itself. */
const BLOCKABLE = 0xffff_fffe_7ffb_feffn

/** Threads but the calling one that would take a signal sent to the process. */
function openThreads(): string[] {
  const own = String(getpid())
  return readdirSync('/proc/self/task').flatMap((tid) => {
    if (tid === own) return []
    try {
      const status = readFileSync(`/proc/self/task/${tid}/status`, 'utf8')
      const blocked = BigInt(`0x${/^SigBlk:\s*(\w+)/m.exec(status)?.[1]}`)
      return (blocked & BLOCKABLE) === BLOCKABLE ? [] : [/^Name:\s*(.*)/m.exec(status)?.[1] ?? tid]
    } catch {
      return [] // it ended while we looked
    }
  })
}

/**
 * Makes every other thread block all signals. V8's threads must have been stopped; libuv's are lost for this process.
 *
 * @returns the names of threads that still take signals; none if all went well
 */
export function closeThreadsToSignals(): string[] {
  const open = openThreads()
  if (open.length === 0) return open
  occupyThreadPool(open.length)
  asleepIn = getpid()
  const deadline = performance.now() + PATIENCE_MS
  let left = openThreads()
  while (left.length > 0 && performance.now() < deadline) left = openThreads()
  return left
}

/** After a change of user or group, for which the C library wakes every thread. */
export function closeThreadsAgain(): void {
  if (asleepIn === getpid()) closeThreadsToSignals()
}
