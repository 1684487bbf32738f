/** Launches a supervisor at a moment at which forking this process is sound. */
import { activeRequests } from '../../engine/loop.js'
import { importsUnderWay } from '../../engine/module-hooks.js'
import { restCompilers } from '../../fork/loaders.js'
import { ForkRefused } from '../../fork/safety.js'
import { supervise } from '../birth/supervise.js'
import type { Supervised } from '../supervised.js'
import { type Launched, StartError } from './launched.js'
import { launch } from './launcher.js'
import type { StopSignals } from './stop-signals.js'

/** How long requests that are under way (a dynamic import, say) may take to finish before we refuse to fork. */
const QUIET_MS = 2000
/** Handles that were closed, a program's that has just exited for example, are there until the loop has turned. */
const CLOSING_TURNS = 3

/** Callbacks of `setImmediate` that wait: each process forked now would run them too. */
const immediatesPending = (): boolean => process.getActiveResourcesInfo().includes('Immediate')

/**
 * @returns in the launcher; in processes that were forked the promise is never settled
 * @throws {ForkRefused} when it stays unsafe
 * @throws {NoRoom} when there is less room than the server needs to start
 * @throws {StartError} when a signal told the server to stop before there was one
 */
export function launchWhenQuiet(server: Supervised, signals: StopSignals): Promise<Launched> {
  const deadline = performance.now() + QUIET_MS
  let turnsToWait = CLOSING_TURNS
  return new Promise((resolve, reject) => {
    const attempt = (): void => {
      const { told } = signals
      if (told !== undefined) {
        reject(new StartError(`stopped by ${told} before it was ready`, 0))
        return
      }
      // never from a promise callback: a child forked there could not run promises
      if (immediatesPending() && performance.now() < deadline) {
        setImmediate(attempt) // behind them
        return
      }
      if ((activeRequests() > 0 || importsUnderWay()) && performance.now() < deadline) {
        setTimeout(() => setImmediate(attempt), 1)
        return
      }
      if (restCompilers() && performance.now() < deadline) {
        setImmediate(attempt)
        return
      }
      try {
        const launched = launch((birth) => supervise(birth, server), signals, server.log, server.room)
        if (launched !== undefined) resolve(launched)
      } catch (error) {
        if (error instanceof ForkRefused && turnsToWait-- > 0 && performance.now() < deadline) setImmediate(attempt)
        else reject(error)
      }
    }
    setImmediate(attempt)
  })
}
