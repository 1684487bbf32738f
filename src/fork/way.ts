/**
 * The one file that knows how this Node is made forkable (docs/fork-safety.md):
 *
 * - way `stop-start`: V8's threads are joined before a fork and started again after it. No flags.
 * - way `flags`: Node was started with flags that give V8 no threads. The fallback, entered by executing Node again in place.
 */
import { startThreads, stopThreads, unavailable } from '../engine/platform.js'
import { execNode } from './exec-node.js'
import { FLAGS, startedWithFlags } from './flags.js'
import { assertRoom, roomForLong } from './room.js'

export type Way = 'stop-start' | 'flags'

/** Forces a way: `TINED_FORK_WAY=flags`. For tests, and for whoever must rule one out. */
const forced = process.env['TINED_FORK_WAY']
/** Trying makes threads, without which Node aborts. */
let tried = false

/**
 * The way in force, or why there is none yet.
 *
 * @throws {NoRoom} when there is too little to try the first one
 */
export function forkWay(): { way: Way } | { reason: string } {
  if (startedWithFlags()) return { way: 'flags' }
  if (forced === 'flags') return { reason: 'TINED_FORK_WAY=flags, and Node runs without the flags' }
  if (!tried) assertRoom(roomForLong())
  tried = true
  const reason = unavailable()
  return reason === undefined ? { way: 'stop-start' } : { reason }
}

/** Why `executeWithFlags` should be called, where the first way cannot be had but the fallback may. */
export function fallbackReason(): string | undefined {
  const way = forkWay()
  if ('way' in way || process.platform !== 'linux' || process.execArgv.includes('--single-threaded')) return undefined
  return way.reason
}

/**
 * Leaves the calling thread alone with V8: on return no platform thread exists.
 *
 * @param quiet whether threads that run JavaScript have slept since it was last called
 * @returns false when they did not for so long; then nothing has happened
 */
export const stopForFork = (quiet: () => boolean, patienceMs: number): boolean =>
  startedWithFlags() || stopThreads(quiet, patienceMs)

/** Gives V8 its threads back, in the parent or in a child that will run long. */
export function startAfterFork(threads: number): void {
  if (!startedWithFlags()) startThreads(threads)
}

/** Platform threads that Node itself starts: `--v8-pool-size`, else 4. */
export function defaultThreads(): number {
  const flag = process.execArgv.find((argument) => argument.startsWith('--v8-pool-size='))
  return Math.max(1, flag === undefined ? 4 : Number(flag.split('=')[1]))
}

/**
 * Executes Node again in place with the flags of the fallback: same pid, arguments, environment and descriptors.
 * The program starts from its first line, so this is called before anything was forked, and never twice.
 *
 * @param keep descriptors that the program was given besides its standard streams, and needs again
 * @throws {Error} when the flags are in force already
 */
export function executeWithFlags(keep: readonly number[]): never {
  if (startedWithFlags()) throw new Error('this Node runs with the fallback flags already')
  return execNode([...FLAGS, ...process.execArgv, ...process.argv.slice(1)], keep)
}
