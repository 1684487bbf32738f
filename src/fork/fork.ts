/** fork(), made safe for a running Node. */
import { endByExit } from '../engine/ending.js'
import { wakeForNew } from '../engine/handles.js'
import { prepareIdentity, renewIdentity } from '../engine/identity.js'
import { startThreadPool, uv_loop_fork } from '../engine/loop.js'
import { complain } from '../engine/output/complain.js'
import { takeFsCalls } from '../engine/output/fs-calls.js'
import { shareOutputState } from '../engine/output/shared-state.js'
import { takeStreams } from '../engine/output/streams.js'
import { wakeForTasks } from '../engine/platform.js'
import { collectGarbage, compileWasmAtOnce } from '../engine/v8-flags.js'
import { SIGCHLD } from '../libc/constants.js'
import { getpid, kill } from '../libc/process.js'
import { closeReactors } from '../reactor/node-reactor.js'
import { assertAlone, stopWhenQuiet } from './alone.js'
import { renewSignalLock } from './descriptors.js'
import { endLetGo } from './first-turns.js'
import { v8Threads } from './flags.js'
import { letGo } from './let-go.js'
import { leaveLoaders, restLoaders } from './loaders.js'
import { findOpenObjects, type OpenObjects } from './open-objects.js'
import { leaveOrphans, noteForked } from './orphans.js'
import { ownLoop } from './own-loop.js'
import { isPlenty, lookForPlenty } from './plenty.js'
import { closePrivateDescriptors } from './private-descriptors.js'
import {
  assertRoom,
  hasRoom,
  type NoRoom,
  onlyOnce,
  ROOM_FOR_BRIEF,
  type Room,
  roomForNode,
  roomToFork,
  whenRoom,
} from './room.js'
import { assertForkable, ForkRefused, insideMicrotask } from './safety.js'
import { forkBeside } from './sleepers.js'
import { tryFork } from './trial.js'
import { defaultThreads, startAfterFork } from './way.js'

/** Platform threads of a forked process that runs user code; more would cost each connection half a millisecond. */
const CHILD_THREADS = 1
/** Of its scheduler's loop. */
const V8_DESCRIPTORS = 8

/**
 * Turns a freshly forked copy into a process that can run the whole of Node: its own loop, threads and identity.
 * Until this is called a child may only run synchronous code and leave by `_exit`. Waits for room if need be.
 *
 * @param short called while there is none
 * @param lock see `whenRoom`
 */
export function reviveNode(short: (refusal: () => NoRoom) => void, lock?: number): void {
  whenRoom(roomForNode(), short, makeLoopAndThreads, lock)
  renewIdentity(true)
  endByExit()
  takeStreams(true)
  takeFsCalls()
  wakeForTasks()
}

function makeLoopAndThreads(): void {
  uv_loop_fork()
  closeReactors()
  closePrivateDescriptors()
  leaveOrphans()
  startAfterFork(CHILD_THREADS)
  startThreadPool()
}

/**
 * Turns a process that has run user code before its loop into one that can run the whole of Node: what that has begun goes on. The
 * pool's threads are started with the first request; where there is not plenty of room, at once, as libuv aborts without them. Waits
 * for room if need be.
 *
 * @param light it was forked without libuv's handlers
 * @param short called while there is no room
 * @param lock see `whenRoom`
 */
export function wakeNode(light: boolean, short: (refusal: () => NoRoom) => void, lock?: number): void {
  lookForPlenty()
  const start = (): void => {
    if (light) renewSignalLock()
    ownLoop()
    startAfterFork(CHILD_THREADS)
    if (!isPlenty()) startThreadPool()
  }
  whenRoom(roomForNode(), short, start, lock)
  compileWasmAtOnce(false)
  endByExit()
  wakeForNew()
  wakeForTasks()
  // nor was there a loop to tell of children that have ended
  kill(getpid(), SIGCHLD)
}

/**
 * Gives V8 its threads back after they were stopped for long. A collection that V8 began of itself meanwhile waits for a job that
 * nobody was there to take, in a task that comes again for ever: this one finishes it.
 */
function resume(): void {
  restartThreads()
  collectGarbage()
}

/** There was room for them, and others may have taken it: then for fewer, as soon as there is. */
function restartThreads(): void {
  const roomFor = (threads: number): Room => ({ threads: v8Threads(threads), descriptors: V8_DESCRIPTORS })
  const all = defaultThreads()
  const wanted = hasRoom(roomFor(all)) ? all : 1
  whenRoom(roomFor(wanted), sayOnce(), () => startAfterFork(wanted))
}

/** For whoever waits outside of a server. */
const sayOnce = (): ((refusal: () => NoRoom) => void) =>
  onlyOnce((refusal) => complain(`tined: process ${getpid()} waits: ${refusal().message}`))

function orResume<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    resume()
    throw error
  }
}

/** Forks once for trial. */
function assertTrial(): void {
  const failure = orResume(tryFork)
  if (failure === undefined) return
  resume()
  throw new ForkRefused(failure, 'Report this Node version and kernel; model single works without forking.')
}

/**
 * Brings the process into the state in which fork is sound. Call `startAfterFork` afterwards.
 *
 * @param synchronous the children will only run synchronous code and leave by `_exit`
 */
export function quiesce(synchronous = false): void {
  assertForkable(synchronous)
  standStill(roomToFork(synchronous ? ROOM_FOR_BRIEF : roomForNode()))
}

/**
 * The same for children that let go of what Node has open. Returns that.
 *
 * @param room what is to be made after the fork, in this process and in others
 */
export function quiesceToLetGo(room: Room): OpenObjects {
  assertForkable()
  // while V8 has its threads
  const open = findOpenObjects()
  standStill(room)
  return open
}

function standStill(room: Room): void {
  lookForPlenty()
  assertRoom(room)
  shareOutputState()
  prepareIdentity()
  restLoaders()
  stopWhenQuiet()
  orResume(assertAlone)
  assertTrial()
}

/** Forks after `quiesce`, and gives V8 its threads back, but for the child. */
export function forkQuiesced(): number {
  let pid = -1
  try {
    pid = forkBeside()
  } finally {
    if (pid !== 0) restartThreads()
  }
  if (pid > 0) noteForked(pid)
  return pid
}

export interface ForkOptions {
  /**
   * Whether the child keeps what Node has open: sockets, servers, timers, listeners of the process. Both processes then read, write
   * and run them.
   * @default false
   */
  keepOpen?: boolean | undefined
}

/**
 * Duplicates this process, as fork(2) does: JavaScript goes on in both, with the same heap, copied on write.
 *
 * In the child Node works in full, with a loop of its own. What Node had open stays with the parent: in the child sockets and
 * servers end as if their other end had gone, and timers are stopped. The child ends by `_exit` however it ends.
 *
 * @returns 0 in the child, the child's pid in the parent
 * @throws {ForkRefused} when it would be unsafe, with the reason and the remedy
 * @throws {PosixError} EAGAIN, ENOMEM, EMFILE, ENFILE: there is no room for the child and its threads; nothing has happened
 */
export function fork({ keepOpen = false }: ForkOptions = {}): number {
  const microtask = insideMicrotask()
  if (microtask) throw new ForkRefused(microtask.reason, microtask.remedy)
  const open = keepOpen ? undefined : quiesceToLetGo(roomToFork(roomForNode()))
  if (keepOpen) quiesce()
  const pid = forkQuiesced()
  if (pid !== 0) return pid
  if (open !== undefined) letGo(open, [])
  reviveNode(sayOnce())
  leaveLoaders()
  endLetGo()
  return 0
}
