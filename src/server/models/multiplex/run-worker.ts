/** The process of a worker: with callbacks alone, or with the whole of Node. */
import { leave } from '../../../engine/ending.js'
import { markWhenIdle } from '../../../engine/idle-marking.js'
import { complain } from '../../../engine/output/complain.js'
import { describe } from '../../../engine/output/words.js'
import { collectGarbage } from '../../../engine/v8-flags.js'
import { afterEndings } from '../../../fork/first-turns.js'
import { reviveNode } from '../../../fork/fork.js'
import { reapOrphans, reapOrphansNow } from '../../../fork/orphans.js'
import { roomForLong, whenRoom } from '../../../fork/room.js'
import { startAfterFork } from '../../../fork/way.js'
import { BlockingReactor } from '../../../reactor/blocking-reactor.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import type { PollerName } from '../../../reactor/poller.js'
import { makePoller } from '../../../reactor/pollers/make.js'
import { sendLine } from '../../../supervisor/channel.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import { callHook, type EndingHook } from '../../ending-hook.js'
import { Ending } from '../ending.js'
import { Worker, type WorkerSetup } from './worker.js'

/** Callbacks only: the process waits in the poller itself, and never runs Node's loop. */
export function runBlocking(
  setup: WorkerSetup,
  poller: PollerName,
  report: number,
  onEnd: EndingHook | undefined,
): never {
  try {
    // it runs long: V8 may optimise it
    whenRoom(roomForLong(), setup.short, () => startAfterFork(1))
    const reactor = new BlockingReactor(makePoller(poller))
    new Worker(setup, reactor, () => {
      const well = onEnd === undefined || callHook(onEnd, `worker ${setup.number}`)
      leave(well ? Number(process.exitCode ?? EXIT.ok) : EXIT.failed)
    })
    sendLine(report, { type: 'ready' })
    for (;;) {
      reactor.turn()
      reapOrphansNow()
    }
  } catch (error) {
    complain(`tined: worker ${setup.number}: ${describe(error)}`)
    return leave(EXIT.failed)
  }
}

/** The whole of Node beside the connections. Returns to Node's event loop. */
export function runInNode(setup: WorkerSetup, poller: PollerName, report: number, onEnd: EndingHook | undefined): void {
  reviveNode(setup.short)
  reapOrphans()
  const ending = new Ending(`worker ${setup.number}`, onEnd)
  // what the supervisor was collecting when it forked would never be finished here, because V8's helpers are not forked, and a
  // task that waits for them would come again for ever
  collectGarbage()
  // now a worker that has served nobody has no garbage, and shall sleep
  markWhenIdle(false)
  afterEndings(() => {
    // whoever awaits the last connection hears of it first
    const leave = (): void => void setImmediate(() => ending.begin(EXIT.ok))
    const first = (): void => markWhenIdle(true)
    new Worker({ ...setup, first }, new NodeReactor(poller), leave)
    sendLine(report, { type: 'ready' })
  })
}
