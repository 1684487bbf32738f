/** Node's own lists of timers and immediates that it has yet to run. To find them by a walk through the heap takes twenty times as long. */
import { internalBinding, internalRequire } from './internals.js'

interface Linked {
  _idleNext: Linked | null
}
type ListedTimer = NodeJS.Timeout & Linked & { _repeat: number | null }
type ListedImmediate = NodeJS.Immediate & Linked

export interface TimerQueue {
  peek(): unknown
  shift(): unknown
}
interface TimerLists {
  /** By when they are due, those of unreferenced timers too. */
  timerListQueue: TimerQueue
  /** For each delay a ring that begins and ends with the list itself. */
  timerListMap: Record<string, Linked>
  /** From its head to null. */
  immediateQueue: { head: ListedImmediate | null }
  Timeout: new (...parts: never[]) => ListedTimer
  Immediate: new (...parts: never[]) => ListedImmediate
}
interface AsyncWrap {
  execution_async_resources: readonly unknown[]
}

/** Node's own. */
export const timerLists = (): TimerLists => internalRequire()('internal/timers') as unknown as TimerLists

/** Forgets timers that were stopped: Node keeps their lists until the loop comes by. */
export function forgetStoppedTimers(): void {
  const { timerListQueue, timerListMap } = timerLists()
  while (timerListQueue.peek() !== undefined) timerListQueue.shift()
  for (const duration of Object.keys(timerListMap)) delete timerListMap[duration]
}

export interface PendingTimers {
  readonly timers: readonly NodeJS.Timeout[]
  readonly immediates: readonly NodeJS.Immediate[]
}

function* chain<Entry extends Linked>(first: Linked | null, end: Linked | null): Generator<Entry> {
  for (let entry = first; entry !== end && entry !== null; entry = entry._idleNext) yield entry as Entry
}

/**
 * What is pending, referenced or not. A callback that is running belongs to it where it would run again: an interval, which is in
 * no list until its callback returns, and with an immediate those of its turn, which are in none either.
 *
 * @throws {Error} when this Node is made in another way than we know
 */
export function pendingTimers(): PendingTimers {
  const { timerListMap, immediateQueue, Timeout, Immediate } = timerLists()
  const { execution_async_resources: running } = internalBinding('async_wrap') as AsyncWrap
  if (timerListMap === undefined || immediateQueue?.head === undefined || !Array.isArray(running))
    throw new Error("Node's timers are not what we take them for")
  const timers = Object.values(timerListMap).flatMap((list) => [...chain<ListedTimer>(list._idleNext, list)])
  const immediates = [...chain<ListedImmediate>(immediateQueue.head, null)]
  for (const resource of running) {
    if (resource instanceof Timeout && resource._repeat !== null) timers.push(resource)
    if (resource instanceof Immediate) immediates.push(...chain<ListedImmediate>(resource._idleNext, null))
  }
  return { timers, immediates }
}
