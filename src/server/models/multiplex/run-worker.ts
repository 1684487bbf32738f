/** The process of a worker: with callbacks alone, or with the whole of Node. */
import { inspect } from 'node:util'
import { complain, exit } from '../../../engine/ending.js'
import { markWhenIdle } from '../../../engine/idle-marking.js'
import { collectGarbage } from '../../../engine/v8-flags.js'
import { afterEndings } from '../../../fork/first-turns.js'
import { reviveNode } from '../../../fork/fork.js'
import { startAfterFork } from '../../../fork/way.js'
import { _exit } from '../../../libc/process.js'
import { BlockingReactor } from '../../../reactor/blocking-reactor.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import type { PollerName } from '../../../reactor/poller.js'
import { makePoller } from '../../../reactor/pollers/make.js'
import { sendLine } from '../../../supervisor/channel.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import { afterFileRequests } from '../file-requests.js'
import { Worker, type WorkerSetup } from './worker.js'

/** Callbacks only: the process waits in the poller itself, and never runs Node's loop. */
export function runBlocking(setup: WorkerSetup, poller: PollerName, report: number): never {
  try {
    startAfterFork(1) // it runs long: V8 may optimise it
    const reactor = new BlockingReactor(makePoller(poller))
    new Worker(setup, reactor, () => _exit(EXIT.ok))
    sendLine(report, { type: 'ready' })
    for (;;) reactor.turn()
  } catch (error) {
    complain(`tined: worker ${setup.number}: ${inspect(error)}`)
    return _exit(EXIT.failed)
  }
}

/** The whole of Node beside the connections. Returns to Node's event loop. */
export function runInNode(setup: WorkerSetup, poller: PollerName, report: number): void {
  reviveNode()
  // what the supervisor was collecting when it forked would never be finished here, because V8's helpers are not forked, and a
  // task that waits for them would come again for ever
  collectGarbage()
  // now a worker that has served nobody has no garbage, and shall sleep
  markWhenIdle(false)
  afterEndings(() => {
    // whoever awaits the last connection hears of it first
    const leave = (): void => void setImmediate(() => afterFileRequests(() => exit(EXIT.ok)))
    const first = (): void => markWhenIdle(true)
    new Worker({ ...setup, first }, new NodeReactor(poller), leave)
    sendLine(report, { type: 'ready' })
  })
}
