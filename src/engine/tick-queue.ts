/**
 * What promises and `nextTick` have queued. Node's own way to run it asks four times whether there is anything, each time by a call that
 * a forked process copies two pages for.
 */
import { internalBinding } from './internals.js'

/** Words of `tickInfo`. */
const TICK_SCHEDULED = 0
const REJECTION_TO_WARN = 1

interface TaskQueue {
  tickInfo: { readonly [word: number]: number; readonly length: number }
  runMicrotasks(): void
}

/** Node's own: runs all there is, and reports rejections that nobody handles. */
const { _tickCallback: runAll } = process as unknown as { _tickCallback?: () => void }

let tickInfo: TaskQueue['tickInfo'] | undefined
let runMicrotasks: (() => void) | undefined

/** To be called before the first `runQueued`. @returns whether this Node has a way to run it at all */
export function openTickQueue(): boolean {
  const queue = internalBinding('task_queue') as Partial<TaskQueue>
  const known = queue.tickInfo?.length === 2 && typeof queue.runMicrotasks === 'function'
  tickInfo = known ? queue.tickInfo : undefined
  runMicrotasks = known ? queue.runMicrotasks : undefined
  return typeof runAll === 'function'
}

/** Runs it. Only on an empty stack but for our own. */
export function runQueued(): void {
  if (tickInfo !== undefined && runMicrotasks !== undefined) {
    if (tickInfo[TICK_SCHEDULED] === 0 && tickInfo[REJECTION_TO_WARN] === 0) runMicrotasks()
    if (tickInfo[TICK_SCHEDULED] === 0 && tickInfo[REJECTION_TO_WARN] === 0) return
  }
  runAll?.()
}
