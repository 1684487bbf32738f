/**
 * How a forked process ends: always by `_exit`, with the status Node would have given.
 *
 * Node's own teardown joins threads that exist in the parent only, and may wait for ever.
 */
import { writeSync } from 'node:fs'
import { inspect } from 'node:util'
import { _exit } from '../posix/process.js'

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

/** The exit listener of the process we were forked from: run by ours it would run ours in turn, without end. */
let inheritedLast: NodeJS.ExitListener | undefined

/** Makes every end of this process an `_exit`: process.exit, the end of the loop, an uncaught error, a rejection. */
export function endByExit(): void {
  exitAtOnce()
  let fatal: { error: unknown } | undefined
  process.on('uncaughtExceptionMonitor', (error) => {
    fatal = { error }
  })
  if (inheritedLast !== undefined) process.off('exit', inheritedLast)

  const last = (code: number): never => {
    // listeners added after ours would never run: run them here, as the loop's end would have
    for (const listener of process.listeners('exit')) if (listener !== last) tryRun(listener, code)
    // Node prints a fatal error only after this event, too late for us
    if (fatal !== undefined && code !== 0) complain(inspect(fatal.error))
    return _exit(Number(process.exitCode ?? code) & 0xff)
  }
  const inherited = process.listeners('exit')
  process.removeAllListeners('exit')
  process.on('exit', last)
  for (const listener of inherited) process.on('exit', listener)
  inheritedLast = last
}

function tryRun(listener: NodeJS.ExitListener, code: number): void {
  try {
    listener.call(process, code)
  } catch (error) {
    complain(inspect(error))
    process.exitCode = 1
  }
}
