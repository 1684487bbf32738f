/**
 * How a forked process ends: always by `_exit`, with the status Node would have given.
 *
 * Node's own teardown joins threads that exist in the parent only, and may wait for ever.
 */
import { writeSync } from 'node:fs'
import { inspect } from 'node:util'
import { _exit } from '../libc/process.js'

/** Writes to standard error without Node's streams, which a dying process might not flush. */
export function complain(text: string): void {
  try {
    writeSync(2, `${text}\n`)
  } catch {
    // nobody reads it any more
  }
}

/** Makes `process.exit` an `_exit`. Inherited by whoever is forked from here. */
export function exitAtOnce(): void {
  const internals = process as unknown as { reallyExit(code?: number): never }
  internals.reallyExit = (code) => _exit(Number(code ?? process.exitCode ?? 0) & 0xff)
}

/** What `process.exit` is in Node. Test runners put one in its place that throws, and theirs is inherited by whoever is forked. */
export function exit(status: number): never {
  const internals = process as unknown as { _exiting: boolean }
  if (!internals._exiting) {
    internals._exiting = true
    process.exitCode = status
    process.emit('exit', status)
  }
  return _exit(Number(process.exitCode ?? status) & 0xff)
}

/** Node's own `emit`, kept over generations: a child of a child must not stack one more layer on it. */
let emit: typeof process.emit | undefined

/** Makes every end of this process an `_exit`: process.exit, the end of the loop, an uncaught error, a rejection. */
export function endByExit(): void {
  exitAtOnce()
  let fatal: { error: unknown } | undefined
  process.on('uncaughtExceptionMonitor', (error) => {
    fatal = { error }
  })
  emit ??= process.emit
  const nodes = emit as (this: NodeJS.Process, event: string, ...values: unknown[]) => boolean
  // over `emit` and not as a listener: whoever removes all listeners would take ours along, and end in Node's teardown
  process.emit = function (this: NodeJS.Process, event: string, ...values: unknown[]): boolean {
    if (event !== 'exit') return Reflect.apply(nodes, this, [event, ...values])
    try {
      Reflect.apply(nodes, this, [event, ...values])
    } catch (error) {
      complain(inspect(error))
      process.exitCode = 1
    }
    // Node prints a fatal error only after this event, too late for us
    if (fatal !== undefined && values[0] !== 0) complain(inspect(fatal.error))
    return _exit(Number(process.exitCode ?? values[0]) & 0xff)
  } as typeof process.emit
}
