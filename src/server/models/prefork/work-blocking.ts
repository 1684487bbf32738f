/** A worker without Node's loop, on blocking calls: it waits in accept4(2) itself, and serves as model `fork` does. */
import { chosenStatus, exitCodeOf, lastWords } from '../../../engine/ending.js'
import { describe } from '../../../engine/output/words.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { Log } from '../../../supervisor/log.js'
import type { Become, ForkedWorker, Listening } from '../../../supervisor/plan.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Accepted } from '../../connection/contract.js'
import type { ConnectionTerms } from '../../connection/limits.js'
import { markFailed } from '../../connection/mark-failed.js'
import { callHook } from '../../ending-hook.js'
import { Cast } from '../fork/cast.js'
import { reactor } from '../fork/serve-blocking.js'
import { reactor as lazyReactor, serveLazily } from '../fork/serve-lazily.js'
import { awaitHeader, begin, free, served, take } from './accounting.js'
import { outgrows } from './private-memory.js'
import { doorOf, nextClient } from './waiting.js'

export interface Serving {
  readonly terms: ConnectionTerms
  /** Bytes of private memory above which a worker leaves; 0 for any number. */
  readonly maxWorkerBytes: number
  readonly cast: Cast
  /** Called first. */
  readonly prepare: () => void
  /** Called after each client but the last. */
  readonly between: () => void
  readonly log: Log
}

/** Serves one client after another with callbacks. Returns the exit status of the process. */
export function workBlocking(worker: ForkedWorker, serving: Serving): number {
  const { cast, log } = serving
  serving.prepare()
  const door = doorOf(worker.listening)
  begin(worker)
  for (let left = worker.requests; ; ) {
    const fd = nextClient(door, log)
    if (fd === undefined) break
    const taken = take(worker, fd)
    const { proxyGate } = cast
    const client = proxyGate === undefined ? taken : awaitHeader(worker, taken, proxyGate, reactor)
    if (client !== undefined) serveOne(client, serving)
    served()
    if (--left === 0 || outgrows(serving.maxWorkerBytes)) break
    serving.between()
    free(worker, client ?? taken)
  }
  return ended(worker, cast)
}

/** What a callback throws is no harm to the next client. */
function serveOne(accepted: Accepted, { cast, terms, log }: Serving): void {
  const connection = new SocketConnection(accepted, reactor, cast.callbacks(), terms)
  try {
    connection.start()
    while (!connection.closed) reactor.turn()
  } catch (error) {
    say(connection, error, log)
    markFailed(accepted.row)
    try {
      connection.destroy()
    } catch (another) {
      say(connection, another, log) // its `close`
    }
  }
}

const say = ({ peerName, id }: SocketConnection, error: unknown, log: Log): void =>
  log.warn({ peer: peerName, id }, `the handler failed: ${describe(error)}`)

function ended({ number }: ForkedWorker, { onEnd }: Cast): number {
  const well = onEnd === undefined || callHook(onEnd, `worker ${number}`)
  lastWords()
  return well ? chosenStatus() : EXIT.failed
}

/** Serves one client, and becomes a whole Node once that is needed, as in model `fork`. Returns the exit status, or how to go on. */
export function workOnce(worker: ForkedWorker, { cast, terms, log }: Serving): number | Become {
  const door = doorOf(worker.listening)
  begin(worker)
  const fd = nextClient(door, log)
  if (fd === undefined) return EXIT.ok
  const taken = take(worker, fd)
  const { proxyGate } = cast
  const known = proxyGate === undefined ? taken : awaitHeader(worker, taken, proxyGate, lazyReactor)
  if (known === undefined) return EXIT.ok
  const listening = worker.listening[0] as Listening
  const client = { ...known, listening, wayBack: -1, introductions: -1, plenty: true }
  const service = cast.service(client)
  return serveLazily(client, terms, cast.callbacks(), service, cast)
}

const common = [doorOf, nextClient, begin, take, Cast.prototype.callbacks]

/** What runs for every connection, named for src/speed. */
export const hot = [
  workBlocking,
  serveOne,
  ended,
  served,
  free,
  outgrows,
  lastWords,
  chosenStatus,
  exitCodeOf,
  ...common,
]
export const hotOnce = [workOnce, ...common]
