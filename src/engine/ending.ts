/**
 * How a forked process ends: always by `_exit`, with the status Node would have given.
 *
 * Node's own teardown joins threads that exist in the parent only, and may wait for ever.
 */
import { takeCoverage } from 'node:v8'
import { _exit } from '../libc/process.js'
import { complain } from './output/complain.js'
import { sayMissingAtEnd } from './output/missing.js'
import { describe } from './output/words.js'

/** Node's own teardown would write it. */
const measured = (process.env['NODE_V8_COVERAGE'] ?? '') !== ''

/** What is still to be done before `_exit`. */
export function lastWords(): void {
  if (measured) takeCoverage()
  sayMissingAtEnd()
}

/** Ends this process, which has done all it was for. */
export function leave(status: number): never {
  lastWords()
  return _exit(status & 0xff)
}

/** Makes `process.exit` an `_exit`. Inherited by whoever is forked from here. */
export function exitAtOnce(): void {
  const internals = process as unknown as { reallyExit(code?: number): never }
  internals.reallyExit = (code) => leave(Number(code ?? process.exitCode ?? 0))
}

/** What `process.exit` is in Node. Test runners put one in its place that throws, and theirs is inherited by whoever is forked. */
export function exit(status: number): never {
  const internals = process as unknown as { _exiting: boolean }
  if (!internals._exiting) {
    internals._exiting = true
    process.exitCode = status
    process.emit('exit', status)
  }
  return leave(Number(process.exitCode ?? status))
}

/** Node's own `emit`, kept over generations: a child of a child must not stack one more layer on it. */
let emit: typeof process.emit | undefined
/** Inherited by whoever is forked from here. */
let ends = false
let emptied: ((tell: () => void) => void) | undefined

/**
 * Instead of the event `beforeExit`: calls `act` when Node's loop is empty in a process whose every end is an `_exit`.
 *
 * @param act given a function that tells the listeners of the event
 */
export function whenLoopIsEmpty(act: (tell: () => void) => void): void {
  emptied = act
}

/** Makes every end of this process an `_exit`: process.exit, the end of the loop, an uncaught error, a rejection. */
export function endByExit(): void {
  if (ends) return
  ends = true
  exitAtOnce()
  let fatal: { error: unknown } | undefined
  process.on('uncaughtExceptionMonitor', (error) => {
    fatal = { error }
  })
  emit ??= process.emit
  const nodes = emit as (this: NodeJS.Process, event: string, ...values: unknown[]) => boolean
  // over `emit` and not as a listener: whoever removes all listeners would take ours along, and end in Node's teardown
  process.emit = function (this: NodeJS.Process, event: string, ...values: unknown[]): boolean {
    const tell = (): boolean => Reflect.apply(nodes, this, [event, ...values])
    if (event === 'beforeExit' && emptied !== undefined) {
      emptied(tell)
      return true
    }
    if (event !== 'exit') return tell()
    try {
      tell()
    } catch (error) {
      complain(describe(error))
      process.exitCode = 1
    }
    // Node prints a fatal error only after this event, too late for us
    if (fatal !== undefined && values[0] !== 0) complain(describe(fatal.error))
    return leave(Number(process.exitCode ?? values[0]))
  } as typeof process.emit
}
