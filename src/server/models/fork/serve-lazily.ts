/**
 * Node, but only once it is needed. The handler starts on the blocking reactor, with promises and `nextTick`; the process becomes a whole
 * Node at the first wait that its own connection does not explain, and otherwise never.
 */
import type { Compilable } from '../../../engine/compile.js'
import { chosenStatus, exit, exitCodeOf, lastWords } from '../../../engine/ending.js'
import { noteHandles } from '../../../engine/handles.js'
import { exhaustCaches } from '../../../engine/identity.js'
import { LoopActivity } from '../../../engine/loop-activity.js'
import { openTickQueue, runQueued } from '../../../engine/tick-queue.js'
import { compileWasmAtOnce } from '../../../engine/v8-flags.js'
import { beforeWorkersStart } from '../../../engine/worker-start.js'
import { answerForLoop, beginPractice, renewSignalLock } from '../../../fork/descriptors.js'
import { wakeNode } from '../../../fork/fork.js'
import { loopIsToBeOwn, ownLoop } from '../../../fork/own-loop.js'
import { hasRoomNow, type NoRoom, roomForLong, whenRoom } from '../../../fork/room.js'
import { startAfterFork } from '../../../fork/way.js'
import { nowMs } from '../../../libc/clock.js'
import { epoll_create1 } from '../../../libc/epoll.js'
import { closeIfOpen, dup3 } from '../../../libc/fd.js'
import { getpid, rawFork } from '../../../libc/process.js'
import { LazyReactor } from '../../../reactor/lazy-reactor.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import { COMPUTES, tellServer, told } from '../../../reactor/slot.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { Become, ForkedConnection } from '../../../supervisor/plan.js'
import { SocketConnection } from '../../connection/connection.js'
import type { ConnectionHandler } from '../../connection/contract.js'
import type { ConnectionLimits } from '../../connection/limits.js'
import type { EndingHook } from '../../ending-hook.js'
import { Ending } from '../ending.js'
import type { Service } from './service.js'

/** A handler that computes for so long at a time gets V8's threads, and whoever comes after it has them from the start. */
const COMPUTES_MS = 50
/**
 * So much of it goes unnoticed. At first none, in a rehearsal, so that V8 knows what is called then: code is compiled there meanwhile, on a
 * busy machine for longer than that, and to meet something new would have it given up.
 */
let patienceMs = -1

/** Made before the fork: each process has its own copy of it. */
export const reactor = new LazyReactor()
let activity: LoopActivity | undefined
/** Where rehearsals are: it has no threads, and gets none. */
let supervisor = 0
let short: (refusal: () => NoRoom) => void = () => {}
/** This process has become a whole Node. */
let awake = false

/**
 * Called in the supervisor, when everything that it has open itself is open.
 *
 * @param tell called while there is no room for what Node needs: the client waits
 * @returns whether processes can be lazy: whether this Node is one whose loop we can look into
 */
export function prepareToBeLazy(tell: (refusal: () => NoRoom) => void): boolean {
  short = tell
  supervisor = getpid()
  try {
    activity ??= new LoopActivity()
    beforeWorkersStart(standOnOwnFeet)
  } catch {
    return false // then every process is a whole Node from the start
  }
  exhaustCaches(rawFork)
  activity.note()
  noteHandles()
  loopIsToBeOwn()
  compileWasmAtOnce(true)
  return openTickQueue() && beginPractice()
}

/** What its process has to know when it ends, or goes on in Node's loop. */
export interface HowToEnd {
  readonly onEnd: EndingHook | undefined
  /** It was forked without libuv's handlers. */
  readonly light: boolean
}

/** Serves to the end of the connection and returns the exit status, or, once Node is needed, how to go on in its loop. */
export function serveLazily(
  accepted: ForkedConnection,
  limits: ConnectionLimits,
  callbacks: ConnectionHandler,
  service: Service,
  how: HowToEnd,
): number | Become {
  // there is plenty of room; the same call in a rehearsal, where there is no such way
  closeIfOpen(accepted.wayBack)
  answerForLoop()
  if (told(COMPUTES) !== 0) startThreads()
  const beganMs = nowMs()
  try {
    const connection = new SocketConnection(accepted, reactor, callbacks, limits)
    service.connection = connection
    connection.start()
    runQueued()
    while (!service.over) {
      if (!connection.waits || (activity as LoopActivity).changed) return becomeNode(service, how)
      reactor.turn()
      runQueued()
      if (computes(reactor.atWorkMs)) startThreads()
    }
  } catch (error) {
    return becomeNode(service, how, () => {
      throw error
    })
  }
  return endOf(service, how, beganMs)
}

/** What is still to be done is done in Node's loop; without that the process ends here. */
function endOf(service: Service, how: HowToEnd, beganMs: number): number | Become {
  // in one go, perhaps, from its first byte to its end
  computes(nowMs() - beganMs)
  if (how.onEnd !== undefined || process.listenerCount('beforeExit') > 0 || (activity as LoopActivity).changed)
    return becomeNode(service, how, () => service.ending?.begin(service.status))
  const status = service.status === EXIT.ok ? chosenStatus() : service.status
  if (process.listenerCount('exit') > 0 && getpid() !== supervisor) exit(status)
  lastWords()
  return status
}

/** @param first is done first in Node's loop */
function becomeNode(service: Service, how: HowToEnd, first?: () => void): number | Become {
  // a rehearsal in the supervisor itself, in which nothing of Node's may begin
  if (getpid() === supervisor) return EXIT.failed
  return () => {
    wake(service, how)
    if (first !== undefined) setImmediate(first)
  }
}

/** From here on this process is a Node like any other. */
function wake(service: Service, { onEnd, light }: HowToEnd): void {
  awake = true
  wakeNode(light, short)
  service.ending = new Ending(service.name, onEnd)
  reactor.moveTo(new NodeReactor())
}

/**
 * Whether this process computes for long, which the server is told, for whoever comes after it.
 *
 * @param ms since it last waited
 */
function computes(ms: number): boolean {
  if (ms <= patienceMs) return false
  patienceMs = COMPUTES_MS
  // on a busy machine a process is also kept waiting
  if (getpid() === supervisor || process.cpuUsage().user < COMPUTES_MS * 1000) return false
  tellServer(COMPUTES, 1)
  return true
}

/**
 * A Worker that starts waits for what V8's threads do for it, and whoever has made it may wait for it at once: nothing would ever go on.
 * It also sends to the loop, which must not be made anew meanwhile.
 */
function standOnOwnFeet(): void {
  if (getpid() === supervisor || awake) return
  whenRoom(roomForLong(), short, () => {
    renewSignalLock()
    ownLoop()
    startAfterFork(1)
  })
}

/** Without them nothing is optimised. */
function startThreads(): void {
  if (getpid() !== supervisor && hasRoomNow(roomForLong())) startAfterFork(1)
}

/** What runs each time before it waits. */
export const asked = (): Compilable[] => activity?.asked ?? []

/** What runs for every connection, named for src/speed. */
export const hot: readonly Compilable[] = [
  serveLazily,
  closeIfOpen,
  answerForLoop,
  epoll_create1,
  dup3,
  endOf,
  computes,
  runQueued,
  chosenStatus,
  exitCodeOf,
  lastWords,
]
