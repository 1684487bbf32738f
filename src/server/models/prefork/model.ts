/** Model `prefork`: workers that are forked ahead of their clients, each of which serves one connection at a time. */
import type { Compilable } from '../../../engine/compile.js'
import { becomeChild, type ChildSetup } from '../../../fork/become-child.js'
import { canForkLightly } from '../../../fork/descriptors.js'
import { hasEndings } from '../../../fork/let-go.js'
import { reapOrphansNow } from '../../../fork/orphans.js'
import { isPlenty } from '../../../fork/plenty.js'
import { roomForLong, whenRoom } from '../../../fork/room.js'
import { startAfterFork } from '../../../fork/way.js'
import { SIGURG } from '../../../libc/constants.js'
import { close, setNonBlocking } from '../../../libc/fd.js'
import { awaitClient } from '../../../libc/socket.js'
import { IDLE, SLOT_WORDS, Slot, STATE, show } from '../../../reactor/slot.js'
import { LEAVE_IF_IDLE } from '../../../supervisor/ahead/surplus.js'
import { Episode } from '../../../supervisor/episode.js'
import type { Become, ForkedWorker } from '../../../supervisor/plan.js'
import {
  type AheadOfClients,
  NOTHING_PREPARED,
  type Prepared,
  type Rehearsable,
  type Supervised,
} from '../../../supervisor/supervised.js'
import { SocketConnection } from '../../connection/connection.js'
import { runsBlocking } from '../../connection/contract.js'
import type { ConnectionTerms } from '../../connection/limits.js'
import { roomToServe, roomToStart } from '../costs.js'
import { Cast } from '../fork/cast.js'
import { drainSignal } from '../fork/drain-signal.js'
import { rehearsalOf } from '../fork/rehearsal.js'
import { reactor } from '../fork/serve-blocking.js'
import { prepareToBeLazy } from '../fork/serve-lazily.js'
import { launchSupervised } from '../launch-supervised.js'
import { countsOtherBytes, type ModelDefinition, type ModelSetup } from '../model.js'
import { awaitHeader } from './accounting.js'
import { onceInNode } from './once-in-node.js'
import { hot, hotOnce, type Serving, workBlocking, workOnce } from './work-blocking.js'
import { workInNode } from './work-in-node.js'

export const preforkModel: ModelDefinition = {
  forks: true,
  sharesMemory: false,
  runsNodesLoop: (handler, { tls }) => tls !== undefined || !runsBlocking(handler),
  held(handler, { tls, maxRequests }) {
    const blocks = tls === undefined && runsBlocking(handler)
    return { tasks: blocks && maxRequests === 1 ? 1 : 1 + roomToServe(!blocks).threads }
  },
  start: (setup) => launchSupervised(describe(setup), setup),
}

function describe(setup: ModelSetup): Supervised {
  const { settings, listening, application, log } = setup
  const { maxConnections, drainTimeoutMs, maxRequests, onConnectionEnd } = settings
  const { minSpare, maxSpare = 2 * minSpare, startTimeoutMs, maxStartFailures } = settings
  // the system may hold fewer than were asked for
  const maxWorkers = Math.min(settings.maxWorkers ?? maxConnections, maxConnections)
  const limits = { minSpare: Math.min(minSpare, maxWorkers), maxSpare, maxWorkers, startTimeoutMs, maxStartFailures }
  const cast = new Cast(application, settings)
  const short = new Episode().teller(log, 'a worker waits for what it needs')
  return {
    listening,
    maxConnections: maxWorkers,
    drainTimeoutMs,
    onConnectionEnd,
    room: roomToStart(application, [roomToServe(!cast.blocking)]),
    watchLimits: settings,
    log,
    prepare(board) {
      board.head.showOtherBytes(countsOtherBytes(settings))
      return prepare(setup, cast, short)
    },
    connections: undefined,
    ahead: {
      revives: !cast.blocking || maxRequests !== 1,
      get mayForkLightly() {
        return maxRequests === 1 && (cast.blocking || (cast.lazy && canForkLightly()))
      },
      forkedLightly(lightly) {
        cast.light = lightly
      },
      limits,
      requests: requestsOf(maxRequests),
      ...workOf(setup, cast, short),
    },
  }
}

/** Told while there is no room for what a worker needs. */
type Short = ReturnType<Episode['teller']>

/** In the supervisor, before anything is forked. */
function prepare({ settings, listening, application, log }: ModelSetup, cast: Cast, short: Short): Prepared {
  const prepared = application.prepare?.(preforkModel, log) ?? NOTHING_PREPARED
  const { tls, maxRequests } = settings
  // one that goes on to serve others does so in Node's loop
  cast.lazy = !cast.blocking && maxRequests === 1 && tls === undefined && !hasEndings() && prepareToBeLazy(short)
  const blocks = cast.blocking || maxRequests === 1
  if (blocks && listening.length === 1) for (const { fd } of listening) setNonBlocking(fd, false)
  // one that waits in Node's loop hears that it may leave from a descriptor: libuv sleeps on when a signal interrupts it
  const signals = blocks ? [SIGURG] : [SIGURG, LEAVE_IF_IDLE]
  return { ...prepared, workers: { signals } }
}

/** Of `maxRequests`, how many a worker may be short of: or those that were forked together would end together. */
const JITTER = 0.2
/** More than any worker lives to serve; a small integer to V8. */
const ANY_NUMBER = 1_000_000_000

/** @param most 0 for any number */
const requestsOf =
  (most: number): (() => number) =>
  () =>
    most === 0 ? ANY_NUMBER : most - Math.floor(Math.random() * (1 + Math.floor(most * JITTER)))

const TITLE = 'tined: prefork'

/**
 * In a rehearsal, in which the supervisor itself goes the worker’s way, and wherever nothing is to be done: what was never called is compiled
 * anew by each process. Two, so that V8 does not take one for the only one there will be.
 */
const NOTHING = [() => {}, () => {}] as const

/** Optimised code goes when the last object goes that it was made for: these stay. The connection is never started. */
const kept: { row?: Slot; connection?: SocketConnection } = {}

function keepOne(given: ConnectionTerms, cast: Cast): void {
  // its deadlines would fire in every worker
  const terms = { ...given, firstByteTimeoutMs: 0, idleTimeoutMs: 0, maxConnectionMs: 0 }
  const row = new Slot(new Float64Array(SLOT_WORDS), 0)
  const nobody = { fd: -1, id: 0, peer: { family: 'unix', path: '' }, row } as const
  kept.row = row
  if (cast.blocking) kept.connection = new SocketConnection(nobody, reactor, cast.callbacks(), terms)
}

function workOf(
  { settings, application, log }: ModelSetup,
  cast: Cast,
  short: Short,
): Pick<AheadOfClients, 'work' | 'rehearsal'> {
  const { maxWorkerBytes, maxRequests, onEnd } = settings
  const terms = { ...settings, drain: drainSignal }
  const servingOf = (most: number, prepare: () => void, between: () => void): Serving => ({
    terms,
    maxWorkerBytes: most,
    cast,
    prepare,
    between,
    log,
  })
  // it runs long: V8 may optimise it
  const giveThread = (): void => whenRoom(roomForLong(), short, () => startAfterFork(1))
  const real = servingOf(maxWorkerBytes, maxRequests === 1 ? NOTHING[0] : giveThread, reapOrphansNow)
  const rehearsed = NOTHING.map((nothing) => servingOf(0, nothing, nothing))
  const inNode = { terms, maxWorkerBytes, handler: application.handler, onEnd, short, log }
  let rehearsing = false
  const work = (worker: ForkedWorker, setup: ChildSetup): number | Become => {
    if (rehearsing && !cast.blocking && !cast.lazy) return hangUp(worker)
    becomeChild(setup, TITLE, -1, worker.number)
    // of four that are rehearsed two are imitated, and of these one has a slow client
    const serving = rehearsing ? (rehearsed[(worker.number >> 2) & 1] as Serving) : real
    if (cast.blocking) return workBlocking(worker, serving)
    // where there is not plenty, all that it may need later is had before it takes a client
    if (cast.lazy && (rehearsing || isPlenty())) return workOnce(worker, serving)
    return () => (maxRequests === 1 ? onceInNode(worker, inNode, cast) : workInNode(worker, inNode))
  }
  const behindProxy = settings.proxyGate === undefined ? [] : [awaitHeader]
  const first: readonly Compilable[] = [work, ...behindProxy, ...(cast.blocking ? hot : hotOnce)]
  const whole = rehearsalOf(cast, first)
  const rehearsal: Rehearsable = Object.create(whole, {
    begin: {
      value() {
        rehearsing = true
        whole.begin()
        keepOne(terms, cast)
      },
    },
    end: {
      value() {
        whole.end()
        rehearsing = false
      },
    },
  })
  return { work, rehearsal }
}

/** What a rehearsal does with a client when a worker would go on in Node's loop. */
function hangUp({ listening }: ForkedWorker): number {
  const fd = awaitClient(listening[0]?.fd ?? -1, 0)
  show(STATE, IDLE)
  if (fd !== undefined) close(fd)
  return 0
}
