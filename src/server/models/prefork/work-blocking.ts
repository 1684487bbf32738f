/** A worker with callbacks only, on blocking calls: it waits in accept4(2) itself, and serves as model `fork` does. */
import { lastWords } from '../../../engine/ending.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { Log } from '../../../supervisor/log.js'
import type { ForkedWorker } from '../../../supervisor/plan.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Accepted, ConnectionHandler } from '../../connection/contract.js'
import type { ConnectionLimits } from '../../connection/limits.js'
import { callHook, type EndingHook } from '../../ending-hook.js'
import { exitCodeOf, reactor } from '../fork/serve-blocking.js'
import { begin, free, served, take } from './accounting.js'
import { outgrows } from './private-memory.js'
import { doorOf, nextClient } from './waiting.js'

export interface Serving {
  readonly limits: ConnectionLimits
  /** Bytes of private memory above which a worker leaves; 0 for any number. */
  readonly maxWorkerBytes: number
  readonly handler: ConnectionHandler
  readonly onEnd: EndingHook | undefined
  /** Called first. */
  readonly prepare: () => void
  readonly log: Log
}

/** Serves one client after another. Returns the exit status of the process. */
export function workBlocking(worker: ForkedWorker, serving: Serving): number {
  serving.prepare()
  const door = doorOf(worker.listening)
  begin(worker)
  for (let left = worker.requests; ; ) {
    const fd = nextClient(door, serving.log)
    if (fd === undefined) break
    serveOne(take(worker, fd), serving)
    served()
    if (--left === 0 || outgrows(serving.maxWorkerBytes)) break
    free(worker)
  }
  return ended(worker, serving.onEnd)
}

function serveOne(accepted: Accepted, { handler, limits }: Serving): void {
  const connection = new SocketConnection(accepted, reactor, handler, limits)
  connection.start()
  while (!connection.closed) reactor.turn()
}

function ended({ number }: ForkedWorker, onEnd: EndingHook | undefined): number {
  const well = onEnd === undefined || callHook(onEnd, `worker ${number}`)
  lastWords()
  if (!well) return EXIT.failed
  const exitCode = exitCodeOf()
  return exitCode === undefined ? EXIT.ok : Number(exitCode) & 0xff
}

/** What runs for every connection, named for src/speed. */
export const hot = [workBlocking, serveOne, doorOf, nextClient, ended, begin, take, served, free, outgrows, lastWords]
