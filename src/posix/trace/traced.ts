/**
 * A call that says in one line what it did: `[4711] accept(3) = 5`.
 *
 * One write(2) a line, so that the lines of several processes do not mix; a line comes when its call returns, causes before effects,
 * and one more when it begins to wait.
 */
import { writeOutput } from '../../engine/output/write.js'
import { getpid } from '../../libc/process.js'
import { anyValue, failure, resultValue } from './notation.js'
import { inTurn } from './order.js'
import { callBegins, callEnds, traces } from './watcher.js'

/** How a call is written. What is left out is written as any value is. */
export interface Notation<Args extends readonly unknown[], Result> {
  /** The arguments before the call. */
  given?(...args: Args): readonly string[]
  /** The arguments when it has succeeded, C's results among them. @default as they were given */
  filled?(result: Result, args: Args, given: readonly string[]): readonly string[]
  /** Whether it is going to wait; then a line says so before. */
  waits?(...args: Args): boolean
  /** What C would return. */
  result?(result: Result, args: Args): string
}

/** Calls that let one of another process return. */
const CAUSES = new Set(
  `fork kill killpg sigqueue raise write writev send sendto sendmsg eventfd_write close close_range dup2 dup3 shutdown connect
  setpgid unlink flock`.split(/\s+/),
)

/** Calls that take less say nothing of their time; those that block do. */
const WORTH_SAYING_MS = 10

/** Writes a line of the trace. */
export function say(text: string): void {
  if (!traces) return
  try {
    inTurn(() => writeOutput(2, Buffer.from(`[${getpid()}] ${text}\n`)))
  } catch {
    // nobody reads it any more
  }
}

const spent = (since: number): string => {
  const ms = performance.now() - since
  return ms < WORTH_SAYING_MS ? '' : ` <${(ms / 1000).toFixed(3)} s>`
}

/** The same call, and a line for it. */
export function traced<Args extends readonly unknown[], Result>(
  name: string,
  call: (...args: Args) => Result,
  notation: Notation<Args, Result> = {},
): (...args: Args) => Result {
  // who is told something by the call cannot say so before the call has been said
  return CAUSES.has(name) ? (...args) => inTurn(() => run(args)) : (...args) => run(args)

  function willWait(args: Args): boolean {
    try {
      return notation.waits?.(...args) ?? false
    } catch {
      return false // the call itself will say it
    }
  }

  function run(args: Args): Result {
    const given = notation.given?.(...args) ?? args.filter((value) => value !== undefined).map(anyValue)
    if (willWait(args)) say(`${name}(${given.join(', ')}) waits…`)
    const since = performance.now()
    callBegins(`${name}(${given.join(', ')})`)
    try {
      const result = call(...args)
      const shown = notation.filled?.(result, args, given) ?? given
      say(`${name}(${shown.join(', ')}) = ${notation.result?.(result, args) ?? resultValue(result)}${spent(since)}`)
      return result
    } catch (error) {
      say(`${name}(${given.join(', ')}) = ${failure(error)}${spent(since)}`)
      throw error
    } finally {
      callEnds()
    }
  }
}
