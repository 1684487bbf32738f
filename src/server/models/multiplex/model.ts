/** Model `multiplex`: loop workers, each of which serves many connections over select, poll or epoll. */
import { inspect } from 'node:util'
import { complain } from '../../../engine/ending.js'
import { markWhenIdle } from '../../../engine/idle-marking.js'
import { collectGarbage } from '../../../engine/platform.js'
import { runs } from '../../../fork/descriptors.js'
import { reviveNode } from '../../../fork/fork.js'
import { startAfterFork } from '../../../fork/way.js'
import { _exit } from '../../../libc/process.js'
import { LoopReactor } from '../../../reactor/loop-reactor.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import type { PollerName } from '../../../reactor/poller.js'
import { makePoller } from '../../../reactor/pollers/make.js'
import type { Supervised } from '../../../supervisor/birth.js'
import { sendLine } from '../../../supervisor/channel.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { Log } from '../../../supervisor/log.js'
import { descriptorsOf, type Listening } from '../../../supervisor/plan.js'
import type { Service } from '../../../supervisor/services.js'
import type { Application } from '../../application.js'
import type { ServerOptions } from '../../options.js'
import { Traffic } from './connection-counters.js'
import { LoopWorker, type LoopWorkerSetup, WORKER_SIGNALS } from './loop-worker.js'
import { Bell } from './wake-pipe.js'

/** Describes the server to the supervisor. */
export function multiplexModel(
  options: ServerOptions,
  listening: readonly Listening[],
  application: Application,
  log: Log,
): Supervised {
  const { handler } = application
  const run = typeof handler !== 'function' && handler.loop === 'none' ? runBlocking : runInNode
  return {
    listening,
    maxConnections: options.maxConnections,
    drainTimeoutMs: options.drainTimeoutMs,
    log,
    rehearsed: () => application.rehearsed?.(),
    prepare() {
      const { services, closeInConnections } = application.prepare?.('multiplex', log) ?? NOTHING
      const traffic = new Traffic(options.workers)
      const bell = options.workers > 1 && !options.reusePort ? new Bell() : undefined
      const workers = Array.from({ length: options.workers }, (_, index): Service => {
        const mine = listening.map(({ fd, address, more = [] }) => ({
          fd: [fd, ...more][index % (more.length + 1)] as number,
          address,
        }))
        const setup: LoopWorkerSetup = {
          number: index + 1,
          listening: mine,
          bell,
          maxConnections: shareOf(options.maxConnections, options.workers, index),
          timeouts: options,
          handler,
          drained: () => application.drained?.(),
          traffic,
          log,
        }
        const others = descriptorsOf(listening).filter((fd) => !mine.some((own) => own.fd === fd))
        return {
          role: 'worker',
          number: index + 1,
          close: runs([...closeInConnections, ...others]),
          main: (report) => run(setup, options.poller, report),
        }
      })
      const bells = runs(bell?.descriptors ?? [])
      const deaf = services.map((service) => ({ ...service, close: [...service.close, ...bells] }))
      return { services: [...deaf, ...workers], closeInConnections, workers: { signals: WORKER_SIGNALS, traffic } }
    },
  }
}

const NOTHING = { services: [], closeInConnections: [] }

/** What worker number `index`, counted from 0, may serve of all; the shares differ by one at most. */
const shareOf = (all: number, workers: number, index: number): number =>
  Math.floor(all / workers) + (index < all % workers ? 1 : 0)

/** Callbacks only: the process waits in the poller itself, and never runs Node's loop. */
function runBlocking(setup: LoopWorkerSetup, poller: PollerName, report: number): never {
  try {
    startAfterFork(1) // it runs long: V8 may optimise it
    const reactor = new LoopReactor(makePoller(poller))
    new LoopWorker(setup, reactor, () => _exit(EXIT.ok))
    sendLine(report, { type: 'ready' })
    for (;;) reactor.turn()
  } catch (error) {
    complain(`tined: worker ${setup.number}: ${inspect(error)}`)
    return _exit(EXIT.failed)
  }
}

/** The whole of Node beside the connections. Returns to Node's event loop. */
function runInNode(setup: LoopWorkerSetup, poller: PollerName, report: number): void {
  reviveNode()
  // what the supervisor was collecting when it forked would never be finished here, because V8's helpers are not forked, and a
  // task that waits for them would come again for ever
  collectGarbage()
  // now a worker that has served nobody has no garbage, and shall sleep
  markWhenIdle(false)
  // off the launcher's stack: what is thrown at once is uncaught, as it would be from any later callback
  setImmediate(() => {
    // whoever awaits the last connection hears of it first
    const leave = (): void => void setImmediate(() => process.exit(EXIT.ok))
    const first = (): void => markWhenIdle(true)
    new LoopWorker({ ...setup, first }, new NodeReactor(poller), leave)
    sendLine(report, { type: 'ready' })
  })
}
