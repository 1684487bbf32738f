/** What a supervisor logs, line by line: the loop itself has no texts. */
import { formatAddress } from '../libc/address.js'
import type { Child, Children } from './children.js'
import { describeExit, endedWell } from './exit-status.js'
import type { Log } from './log.js'

export const logDraining = (log: Log, connections: number, timeoutMs: number): void =>
  log.info({ connections, timeoutMs }, 'draining: no new connections')

export const logDrainTimeout = (log: Log, connections: number): void =>
  log.warn({ connections }, 'drain time-out: ending what still runs')

export const logStopped = (log: Log, connections: number, { forked, reaped, adopted }: Children): void =>
  log.info({ connections, forked, reaped, adopted }, 'stopped')

/** @param process in words */
export const logStays = (log: Log, process: string): void =>
  log.warn({}, `cannot be ended, and stays: process ${process}`)

export const logGivenUp = (log: Log, message: string): void => log.error({}, `given up: ${message}`)

export const logNothingToReload = (log: Log): void => log.warn({}, 'SIGHUP: there is nothing to reload in this version')

export const logAdopted = (log: Log, pid: number, status: number): void =>
  log.debug({ child: pid }, `adopted orphan ${describeExit(status)}`)

/** @param expected it was told to end */
export function logEnded(log: Log, { pid, role, id, peer, startedMs }: Child, status: number, expected: boolean): void {
  const quiet = expected || endedWell(status)
  if (quiet && !log.debugs) return
  const client = peer === undefined ? {} : { peer: formatAddress(peer) }
  const fields = { child: pid, role, id, ...client, ms: Date.now() - startedMs }
  log[quiet ? 'debug' : 'warn'](fields, `${role} process ${describeExit(status)}`)
}
