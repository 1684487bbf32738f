/** Model `prefork`: workers that are forked ahead of their clients, each of which serves one connection at a time. */
import { describe as inWords } from '../../../engine/output/words.js'
import { becomeChild, type ChildSetup } from '../../../fork/become-child.js'
import { startAfterFork } from '../../../fork/way.js'
import { close, setNonBlocking } from '../../../libc/fd.js'
import { awaitClient } from '../../../libc/socket.js'
import { IDLE, STATE, show } from '../../../reactor/slot.js'
import type { Become, ForkedWorker } from '../../../supervisor/plan.js'
import { LEAVE_IF_IDLE } from '../../../supervisor/spare-workers.js'
import { NOTHING_PREPARED, type Prepared, type Rehearsable, type Supervised } from '../../../supervisor/supervised.js'
import type { RehearsedApplication } from '../../application.js'
import { type Connection, type ConnectionHandler, runsBlocking } from '../../connection/contract.js'
import { rehearsalOf } from '../fork/rehearsal.js'
import { launchSupervised } from '../launch-supervised.js'
import type { ModelDefinition, ModelSetup } from '../model.js'
import { catchErrors } from '../multiplex/catch-errors.js'
import { hot, type Serving, workBlocking } from './work-blocking.js'
import { workInNode } from './work-in-node.js'

export const preforkModel: ModelDefinition = {
  forks: true,
  sharesMemory: false,
  runsNodesLoop: (handler) => !runsBlocking(handler),
  start: (setup) => launchSupervised(describe(setup), setup),
}

function describe(setup: ModelSetup): Supervised {
  const { settings, listening, application, log } = setup
  const { handler } = application
  const { maxConnections, drainTimeoutMs } = settings
  const { minSpare, maxSpare = 2 * minSpare, maxWorkers = maxConnections, startTimeoutMs, maxStartFailures } = settings
  const limits = { minSpare: Math.min(minSpare, maxWorkers), maxSpare, maxWorkers, startTimeoutMs, maxStartFailures }
  const { work, rehearsal } = runsBlocking(handler) ? blocking(setup, handler) : inNode(setup)
  return {
    listening,
    maxConnections: maxWorkers,
    drainTimeoutMs,
    watchLimits: settings,
    log,
    prepare: () => prepare(setup),
    connections: undefined,
    ahead: {
      revives: !runsBlocking(handler) || settings.maxRequests !== 1,
      limits,
      requests: requestsOf(settings.maxRequests),
      work,
      rehearsal,
    },
  }
}

/** In the supervisor, before anything is forked. */
function prepare({ listening, application, log }: ModelSetup): Prepared {
  const { services, closeInConnections } = application.prepare?.(preforkModel, log) ?? NOTHING_PREPARED
  const blocks = runsBlocking(application.handler)
  if (blocks && listening.length === 1) for (const { fd } of listening) setNonBlocking(fd, false)
  // one in Node's loop hears that it may leave from a descriptor, as libuv would sleep on when a signal interrupts it
  return { services, closeInConnections, workers: { signals: blocks ? [] : [LEAVE_IF_IDLE] } }
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

type WorkAndRehearsal = Pick<NonNullable<Supervised['ahead']>, 'work' | 'rehearsal'>

const TITLE = 'tined: prefork'

/**
 * Rehearsed in the place of a handler that is not ours: what is around it is compiled. Two, so that V8 does not take the one it saw for the
 * only one there will be.
 */
const STAND_INS: readonly ConnectionHandler[] = [
  { loop: 'none', data: (connection, chunk) => connection.write(chunk) },
  { loop: 'none', data: (connection, chunk) => void connection.write(chunk) },
]
/** To V8, for a worker that runs long. */
const giveThread = (): void => startAfterFork(1)
/** The same in a rehearsal, in which the supervisor itself goes the worker's way. Two, for the same reason. */
const NOTHING = [() => {}, () => {}] as const
const SAMPLE = Buffer.from('rehearsal\n')

function blocking({ settings, application, log }: ModelSetup, handler: ConnectionHandler): WorkAndRehearsal {
  const ours = (application as Partial<RehearsedApplication>).rehearsal
  const { maxWorkerBytes, onEnd, maxRequests } = settings
  const callbacks = caught(handler, log)
  const standIns = ours === undefined ? STAND_INS.map((standIn) => caught(standIn, log)) : [callbacks]
  const servingOf = (served: ConnectionHandler, real: boolean, prepare: () => void): Serving => ({
    limits: settings,
    maxWorkerBytes: real ? maxWorkerBytes : 0,
    handler: served,
    onEnd: real ? onEnd : undefined,
    prepare,
    log,
  })
  const real = servingOf(callbacks, true, maxRequests === 1 ? () => {} : giveThread)
  const rehearsed = NOTHING.map((nothing, index) =>
    servingOf(standIns[index % standIns.length] as ConnectionHandler, false, nothing),
  )
  let rehearsing = false
  const work = (worker: ForkedWorker, setup: ChildSetup): number => {
    becomeChild(setup, TITLE, -1, worker.number)
    // of four that are rehearsed two are imitated, and of these one has a slow client
    const serving = rehearsing ? (rehearsed[(worker.number >> 2) % rehearsed.length] as Serving) : real
    return workBlocking(worker, serving)
  }
  const rehearsal = {
    sample: ours?.sample ?? SAMPLE,
    begin() {
      rehearsing = true
      ours?.begin?.()
    },
    end() {
      ours?.end?.()
      rehearsing = false
    },
  }
  const tried = { handler: standIns[0], rehearsal } as RehearsedApplication
  return { work, rehearsal: rehearsalOf(tried, [work, ...hot], true) }
}

/** What one connection's callback throws is no harm to the next one. */
function caught(handler: ConnectionHandler, log: ModelSetup['log']): ConnectionHandler {
  const failed = (connection: Connection, error: unknown): void => {
    log.warn({ peer: connection.peerName, id: connection.id }, `the handler failed: ${inWords(error)}`)
    connection.destroy()
  }
  return catchErrors(handler, { failed, closed: () => {} })
}

function inNode({ settings, application, log }: ModelSetup): WorkAndRehearsal {
  const { maxWorkerBytes, onEnd } = settings
  let rehearsing = false
  const work = (worker: ForkedWorker, setup: ChildSetup): number | Become => {
    if (rehearsing) return hangUp(worker)
    becomeChild(setup, TITLE, -1, worker.number)
    return () => workInNode(worker, { limits: settings, maxWorkerBytes, handler: application.handler, onEnd, log })
  }
  const rehearsal: Rehearsable = {
    ...rehearsalOf({ handler: application.handler }, [work], false),
    begin() {
      rehearsing = true
    },
    end() {
      rehearsing = false
    },
  }
  return { work, rehearsal }
}

/** What a rehearsal does with a client when a worker would go on in Node's loop. */
function hangUp({ listening }: ForkedWorker): number {
  const fd = awaitClient(listening[0]?.fd ?? -1, 0)
  show(STATE, IDLE)
  if (fd !== undefined) close(fd)
  return 0
}
