/** Model `multiplex`: workers, each of which serves many connections over select, poll or epoll. */
import { runs } from '../../../fork/descriptors.js'
import { type ConnectionEnd, sendLine } from '../../../supervisor/channel.js'
import { Episode } from '../../../supervisor/episode.js'
import { descriptorsOf } from '../../../supervisor/plan.js'
import type { Scoreboard } from '../../../supervisor/scoreboard.js'
import type { Service } from '../../../supervisor/services.js'
import { NOTHING_PREPARED, type Prepared, type Supervised } from '../../../supervisor/supervised.js'
import { runsBlocking } from '../../connection/contract.js'
import { roomToServe, roomToStart } from '../costs.js'
import { launchSupervised } from '../launch-supervised.js'
import { countsOtherBytes, type ModelDefinition, type ModelSetup } from '../model.js'
import { runBlocking, runInNode } from './run-worker.js'
import { WakePipe } from './wake-pipe.js'
import { WORKER_SIGNALS, type WorkerSetup } from './worker.js'

export const multiplexModel: ModelDefinition = {
  forks: true,
  sharesMemory: true,
  runsNodesLoop: (handler, { tls }) => tls !== undefined || !runsBlocking(handler),
  held: (_handler, { workers }) => ({ tasks: 0, sharing: workers }),
  start: (setup) => launchSupervised(describe(setup), setup),
}

function describe(setup: ModelSetup): Supervised {
  const { settings, listening, log } = setup
  const { maxConnections, drainTimeoutMs } = settings
  const worker = roomToServe(multiplexModel.runsNodesLoop(setup.application.handler, settings))
  return {
    listening,
    maxConnections,
    drainTimeoutMs,
    onConnectionEnd: settings.onConnectionEnd,
    watchLimits: { maxConnectionMs: 0, hungMs: settings.hungMs },
    room: roomToStart(setup.application, Array(settings.workers).fill(worker)),
    log,
    prepare: (board) => prepare(setup, board),
    connections: undefined,
  }
}

/** In the supervisor: what the workers share, and the workers, after the application's own services. */
function prepare(setup: ModelSetup, board: Scoreboard): Prepared {
  const { settings, application, log } = setup
  board.head.showOtherBytes(countsOtherBytes(settings))
  const prepared = application.prepare?.(multiplexModel, log) ?? NOTHING_PREPARED
  const { services, closeInConnections } = prepared
  const wakePipe = settings.workers > 1 && !settings.reusePort ? new WakePipe() : undefined
  const short = new Episode().teller(log, 'a worker waits for what it needs')
  const wakeEnds = runs(wakePipe?.descriptors ?? [])
  const workers = Array.from({ length: settings.workers }, (_, index) =>
    workerService(setup, index, { board, wakePipe, short }, closeInConnections),
  )
  const deaf = services.map((service) => ({ ...service, close: [...service.close, ...wakeEnds] }))
  return { ...prepared, services: [...deaf, ...workers], workers: { signals: WORKER_SIGNALS } }
}

/** @param index counts from 0 */
function workerService(
  { settings, listening, application, log }: ModelSetup,
  index: number,
  shared: Pick<WorkerSetup, 'board' | 'wakePipe' | 'short'>,
  closeInConnections: readonly number[],
): Service {
  const { handler } = application
  const mine = listening.map(({ fd, address, more = [] }) => ({
    fd: [fd, ...more][index % (more.length + 1)] as number,
    address,
  }))
  const maxConnections = shareOf(settings.maxConnections, settings.workers, index)
  let rowsBefore = 0
  for (let before = 0; before < index; before++)
    rowsBefore += shareOf(settings.maxConnections, settings.workers, before)
  const { board } = shared
  const setup: WorkerSetup = {
    ...shared,
    number: index + 1,
    listening: mine,
    maxConnections,
    limits: settings,
    gates: settings,
    tell: undefined,
    rows: board.rowAfter(rowsBefore),
    handler,
    drained: () => application.drained?.(),
    log,
  }
  const others = descriptorsOf(listening).filter((fd) => !mine.some((own) => own.fd === fd))
  const run = multiplexModel.runsNodesLoop(handler, settings) ? runInNode : runBlocking
  return {
    role: 'worker',
    number: index + 1,
    close: runs([...closeInConnections, ...others]),
    main(report) {
      const tell = settings.onConnectionEnd === undefined ? undefined : tellerOf(report)
      run({ ...setup, tell }, settings.poller, report, settings.onEnd)
    },
  }
}

/** Tells the launcher, through the supervisor, of connections that have ended. */
const tellerOf =
  (report: number) =>
  (connection: ConnectionEnd): void =>
    sendLine(report, { type: 'ended', connection })

/** What worker number `index`, counted from 0, may serve of all; the shares differ by one at most. */
const shareOf = (all: number, workers: number, index: number): number =>
  Math.floor(all / workers) + (index < all % workers ? 1 : 0)
