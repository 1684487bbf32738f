/** Threads besides ours, and whether forking beside them is sound. */
import { subscribe } from 'node:diagnostics_channel'
import type { Worker } from 'node:worker_threads'
import { threadPoolSize } from '../engine/loop.js'
import { hooksWorker, programWorkers } from '../engine/module-hooks.js'
import {
  nameAndCall,
  otherThreads,
  PROFILER,
  SYS_epoll_pwait,
  SYS_futex,
  sleepsOf,
  type Thread,
} from '../engine/threads.js'
import { usleep } from '../libc/process.js'
import { forkWay } from './way.js'

const WATCHER = 'SignalInspector'
/** libuv gives the threads of its pool this name since 1.50 (Node 22); before, they are called as the program is. */
const POOL = 'libuv-worker'
const [uvMajor, uvMinor] = process.versions.uv.split('.').map(Number) as [number, number]
const poolIsNamed = uvMajor > 1 || uvMinor >= 50
/** Node names the threads of Workers since version 24; before, they are called as the thread is that made them. */
const WORKER = 'WorkerThread'
const workersAreNamed = Number(process.versions.node.split('.')[0]) >= 24

export interface OtherThreads {
  /** Names of those that may hold a lock. */
  foreign: string[]
  /** Those that hold none as long as they sleep, which is to be made sure of. */
  sleeping: Thread[]
}

/**
 * Threads besides ours. Node's signal watcher and libuv's pool as long as it sleeps hold no lock; nor do, in way `flags`, V8's one
 * worker without work and its scheduler, which sleeps in a loop of its own.
 *
 * A loader's thread waits in its loop while nothing is imported. It may have started Workers of its own, which wait likewise. A
 * Worker of the program looks the same in /proc, so wherever there are more than one it is made sure that the program has none.
 */
export function examineThreads(): OtherThreads {
  const found = forkWay()
  const fromV8 = 'way' in found && found.way === 'flags' ? 1 : 0
  const threads = otherThreads(nameAndCall)
  const pool = threadPoolSize()
  const watcher = threads.some(({ name }) => name === WATCHER) ? 0 : 1 // nameless before Node 24
  // where the pool has names, no other thread may pass for one of it
  const sleepers = { pool, others: watcher + fromV8 + (poolIsNamed ? 0 : pool) }
  let schedulers = fromV8
  const harmless = ({ name, call }: Thread): boolean =>
    name === WATCHER ||
    (call === SYS_futex && name !== PROFILER && sleepers[poolIsNamed && name === POOL ? 'pool' : 'others']-- > 0) ||
    (call === SYS_epoll_pwait && name !== WORKER && schedulers-- > 0)
  const others = threads.filter((thread) => !harmless(thread))
  const ofLoader = loaderThreads(others)
  const profilers = others.filter(({ name, call }) => name === PROFILER && call === SYS_futex)
  const sleeping = [...ofLoader, ...profilers]
  return {
    foreign: others.filter((thread) => !sleeping.includes(thread)).map(({ name }) => name),
    sleeping,
  }
}

/** V8's threads seldom work for longer. */
const WORKING_US = 1000

/** Whether one may be a Worker that is not asleep for good: it waits in a loop, as V8's scheduler does, or is awake for a while. */
function mayBeBeside(): boolean {
  const ownLoops = hooksWorker() === undefined ? 1 : 2
  const threads = otherThreads(nameAndCall)
  if (threads.filter(waitsInLoop).length > ownLoops) return true
  const awake = ({ call }: Thread): boolean => call !== SYS_futex && call !== SYS_epoll_pwait
  const before = threads.filter(awake).map(({ folder }) => folder)
  if (before.length === 0) return false
  usleep(WORKING_US)
  return otherThreads(nameAndCall).some(
    (thread) => awake(thread) || (before.includes(thread.folder) && waitsInLoop(thread)),
  )
}

/** Workers made since Tined was loaded that may live; those from before show in their threads only. */
let made: Worker[] = []
const lives = ({ threadId }: Worker): boolean => threadId > 0
if (!workersAreNamed)
  subscribe('worker_threads', (message) => {
    made = [...made.filter(lives), (message as { worker: Worker }).worker]
  })

/**
 * How many Workers of the program live, for a Node whose threads have no names: 20 and 22. There V8's threads must not be stopped beside
 * one at work: what it asks of them meanwhile is lost, and it waits for it for ever, `terminate()` too. The heap is only searched when
 * a thread speaks for one that nobody saw being made.
 */
export function workersInTheWay(): number {
  if (workersAreNamed) return 0
  const hooks = hooksWorker()
  made = made.filter((worker) => lives(worker) && worker !== hooks)
  return made.length > 0 || !mayBeBeside() ? made.length : programWorkers()
}

const mayBeWorker = ({ name }: Thread): boolean => name === WORKER || !workersAreNamed
const waitsInLoop = ({ call }: Thread): boolean => call === SYS_epoll_pwait

function loaderThreads(others: readonly Thread[]): Thread[] {
  const waiting = others.filter((thread) => waitsInLoop(thread) && mayBeWorker(thread))
  if (waiting.length === 0 || hooksWorker() === undefined) return []
  return waiting.length === 1 || programWorkers() === 0 ? waiting : []
}

/** Beside V8's own scheduler, which waits likewise and has no name before Node 22. */
const FEWEST = workersAreNamed ? 1 : 2
let lastSleep: string | undefined

/**
 * Whether the threads of a loader, and where they have names those of all Workers, have slept since this was last called. To be asked
 * while V8's threads run, which they may have asked for something.
 */
export function workersSlept(): boolean {
  const sleep = sleepOfWorkers()
  const slept = sleep !== undefined && sleep === lastSleep
  lastSleep = sleep
  return slept
}

/** Which of them sleep, and for the how manieth time; undefined when one may be awake. */
function sleepOfWorkers(): string | undefined {
  const hooks = hooksWorker() !== undefined
  if (!hooks && !workersAreNamed) return ''
  const workers = otherThreads(nameAndCall).filter(mayBeWorker)
  const waiting = workers.filter(waitsInLoop)
  // without names they cannot be told from V8's threads, which sleep in futex(2) when they have nothing to do
  const rest = workers.filter((thread) => !waitsInLoop(thread) && (workersAreNamed || thread.call !== SYS_futex))
  if (rest.length > 0 || (hooks && waiting.length < FEWEST)) return undefined
  return waiting.map(({ folder }) => `${folder} ${sleepsOf(folder)}`).join()
}
