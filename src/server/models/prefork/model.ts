/** Model `prefork`: workers that are forked ahead of their clients, each of which serves one connection at a time. */
import type { Compilable } from '../../../engine/compile.js'
import { becomeChild, type ChildSetup } from '../../../fork/become-child.js'
import { hasEndings } from '../../../fork/let-go.js'
import { startAfterFork } from '../../../fork/way.js'
import { close, setNonBlocking } from '../../../libc/fd.js'
import { awaitClient } from '../../../libc/socket.js'
import { IDLE, STATE, show } from '../../../reactor/slot.js'
import type { Become, ForkedWorker, Work } from '../../../supervisor/plan.js'
import { LEAVE_IF_IDLE } from '../../../supervisor/spare-workers.js'
import { NOTHING_PREPARED, type Prepared, type Rehearsable, type Supervised } from '../../../supervisor/supervised.js'
import { runsBlocking } from '../../connection/contract.js'
import { Cast } from '../fork/cast.js'
import { rehearsalOf } from '../fork/rehearsal.js'
import { prepareToBeLazy } from '../fork/serve-lazily.js'
import { launchSupervised } from '../launch-supervised.js'
import type { ModelDefinition, ModelSetup } from '../model.js'
import { hot, hotOnce, type Serving, workBlocking, workOnce } from './work-blocking.js'
import { workInNode } from './work-in-node.js'

export const preforkModel: ModelDefinition = {
  forks: true,
  sharesMemory: false,
  runsNodesLoop: (handler) => !runsBlocking(handler),
  start: (setup) => launchSupervised(describe(setup), setup),
}

function describe(setup: ModelSetup): Supervised {
  const { settings, listening, application, log } = setup
  const { maxConnections, drainTimeoutMs, maxRequests } = settings
  const { minSpare, maxSpare = 2 * minSpare, maxWorkers = maxConnections, startTimeoutMs, maxStartFailures } = settings
  const limits = { minSpare: Math.min(minSpare, maxWorkers), maxSpare, maxWorkers, startTimeoutMs, maxStartFailures }
  const cast = new Cast(application, settings.onEnd)
  return {
    listening,
    maxConnections: maxWorkers,
    drainTimeoutMs,
    watchLimits: settings,
    log,
    prepare: () => prepare(setup, cast),
    connections: undefined,
    ahead: {
      revives: !cast.blocking || maxRequests !== 1,
      limits,
      requests: requestsOf(maxRequests),
      ...workOf(setup, cast),
    },
  }
}

/** In the supervisor, before anything is forked. */
function prepare({ settings, listening, application, log }: ModelSetup, cast: Cast): Prepared {
  const { services, closeInConnections } = application.prepare?.(preforkModel, log) ?? NOTHING_PREPARED
  // one that goes on to serve others does so in Node's loop
  cast.lazy = !cast.blocking && settings.maxRequests === 1 && !hasEndings() && prepareToBeLazy()
  const blocks = cast.blocking || cast.lazy
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

const TITLE = 'tined: prefork'

/** To V8, for a worker that runs long. */
const giveThread = (): void => startAfterFork(1)
/** The same in a rehearsal, in which the supervisor itself goes the worker's way. Two, so that V8 does not take one for the only one. */
const NOTHING = [() => {}, () => {}] as const

function workOf({ settings, application, log }: ModelSetup, cast: Cast): { work: Work; rehearsal: Rehearsable } {
  const { maxWorkerBytes, maxRequests, onEnd } = settings
  const servingOf = (most: number, prepare: () => void): Serving => ({
    limits: settings,
    maxWorkerBytes: most,
    cast,
    prepare,
    log,
  })
  const real = servingOf(maxWorkerBytes, maxRequests === 1 ? () => {} : giveThread)
  const rehearsed = NOTHING.map((nothing) => servingOf(0, nothing))
  let rehearsing = false
  const work = (worker: ForkedWorker, setup: ChildSetup): number | Become => {
    if (rehearsing && !cast.blocking && !cast.lazy) return hangUp(worker)
    becomeChild(setup, TITLE, -1, worker.number)
    // of four that are rehearsed two are imitated, and of these one has a slow client
    const serving = rehearsing ? (rehearsed[(worker.number >> 2) & 1] as Serving) : real
    if (cast.blocking) return workBlocking(worker, serving)
    if (cast.lazy) return workOnce(worker, serving)
    return () => workInNode(worker, { limits: settings, maxWorkerBytes, handler: application.handler, onEnd, log })
  }
  const first: readonly Compilable[] = [work, ...(cast.blocking ? hot : hotOnce)]
  const whole = rehearsalOf(cast, first)
  const rehearsal: Rehearsable = Object.create(whole, {
    begin: {
      value() {
        rehearsing = true
        whole.begin()
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
