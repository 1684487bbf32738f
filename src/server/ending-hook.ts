/** `onEnd`: what a program wants done before a process that has served ends. */
import { complain } from '../engine/output/complain.js'
import { describe } from '../engine/output/words.js'

/** Runs in each process that served connections, after the last of them. */
export type EndingHook = () => unknown

/** So long may the end of a process take: `onEnd`, and what listeners of `beforeExit` begin. */
export const ENDING_MS = 5000

/** Calls it where nobody can wait for a promise. Reports whether all went well. */
export function callHook(onEnd: EndingHook, name: string): boolean {
  try {
    onEnd()
    return true
  } catch (error) {
    complain(`tined: ${name}: onEnd: ${describe(error)}`)
    return false
  }
}

/**
 * Calls it and waits, until `limit` at most. Reports whether all went well.
 *
 * @param limit fulfilled when there is no more time
 */
export async function awaitHook(onEnd: EndingHook, limit: Promise<unknown>, name: string): Promise<boolean> {
  const late = Symbol('late')
  try {
    if ((await Promise.race([onEnd(), limit.then(() => late)])) !== late) return true
    complain(`tined: ${name}: onEnd has not finished`)
  } catch (error) {
    complain(`tined: ${name}: onEnd: ${describe(error)}`)
  }
  return false
}
