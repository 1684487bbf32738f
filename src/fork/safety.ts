/** What makes forking this process unsafe, each with its remedy. `fork()` refuses on the first; `tined doctor` prints all. */
import inspector from 'node:inspector'
import { isMainThread } from 'node:worker_threads'
import { threadPoolSize } from '../engine/loop.js'
import { nameAndCall, otherThreads, SYS_epoll_pwait, SYS_futex, type Thread } from '../engine/threads.js'
import { requestsInFlight } from './requests.js'
import { forkWay } from './way.js'

/** One check. `reason` and `remedy` are there when it failed. */
export interface Check {
  name: string
  ok: boolean
  reason?: string
  remedy?: string
}

/** Forking was refused because the child could hang, crash or share what it must not. */
export class ForkRefused extends Error {
  override readonly name = 'ForkRefused'
  readonly code = 'ERR_FORK_REFUSED'

  constructor(
    /** What is in the way. */
    readonly reason: string,
    /** What the caller can do about it. */
    readonly remedy: string,
  ) {
    super(`refusing to fork: ${reason}. ${remedy}`)
  }
}

type Finding = { reason: string; remedy: string } | undefined

/** What Node runs after each callback; undocumented but stable since Node 0.x. */
const internals = process as unknown as {
  _tickCallback(): void
}

const platform = (): Finding =>
  process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')
    ? undefined
    : { reason: `this is ${process.platform} on ${process.arch}`, remedy: 'Tined forks on Linux, x64 and arm64.' }

const mainThread = (): Finding =>
  isMainThread ? undefined : { reason: 'this is a Worker thread', remedy: 'Fork from the main thread.' }

const permission = (): Finding =>
  (process as { permission?: unknown }).permission === undefined
    ? undefined
    : {
        reason: 'Node runs with --permission',
        remedy: 'Start Node without it, and confine the process from outside, as systemd or a container does.',
      }

const debuggerClosed = (): Finding =>
  inspector.url() === undefined
    ? undefined
    : {
        reason: `the inspector is open at ${inspector.url()}`,
        remedy: 'Close it, or debug with model single, which never forks.',
      }

function way(): Finding {
  const found = forkWay()
  if ('way' in found) return undefined
  const remedy = 'Use the official Node 20, 22, 24 or 26, or start it with --single-threaded --v8-pool-size=1.'
  return { reason: found.reason, remedy }
}

function requests(): Finding {
  const reason = requestsInFlight()
  if (reason === undefined) return undefined
  return { reason, remedy: 'They would never finish in the child: await them first.' }
}

/** V8 never re-enters its microtask queue: a child forked there could not settle a promise. */
export function insideMicrotask(): Finding {
  let ran = false
  queueMicrotask(() => {
    ran = true
  })
  internals._tickCallback()
  if (ran) return undefined
  return {
    reason: 'this is a microtask (a promise callback, or the top level of an ES module)',
    remedy:
      'Call it from setImmediate, where the child can go on running promises, or run the program in posix.main().',
  }
}

const WATCHER = 'SignalInspector'
/** libuv gives the threads of its pool this name since 1.50 (Node 22); before, they are called as the program is. */
const POOL = 'libuv-worker'
const [uvMajor, uvMinor] = process.versions.uv.split('.').map(Number) as [number, number]
const poolIsNamed = uvMajor > 1 || uvMinor >= 50

/**
 * Threads besides ours that may hold a lock. Node's signal watcher and libuv's pool as long as it sleeps hold none; nor
 * do, in way `flags`, V8's one worker without work and its scheduler, which sleeps in a loop of its own.
 */
export function foreignThreads(): string[] {
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
    (call === SYS_futex && sleepers[poolIsNamed && name === POOL ? 'pool' : 'others']-- > 0) ||
    (call === SYS_epoll_pwait && schedulers-- > 0)
  return threads.filter((thread) => !harmless(thread)).map(({ name }) => name)
}

type Examination = [name: string, find: () => Finding]

/** For any child. */
const always: readonly Examination[] = [
  ['Linux on x64 or arm64', platform],
  ['main thread', mainThread],
  ['no --permission', permission],
  ['inspector closed', debuggerClosed],
  ['a way to stop V8 threads', way],
]
/** For one that will run Node's loop. */
const inOrder: readonly Examination[] = [...always, ['no request in flight', requests]]

/** Runs every check that can be made without forking or stopping threads. */
export function examine(): Check[] {
  return inOrder.map(([name, find]) => {
    const finding = find()
    return finding === undefined ? { name, ok: true } : { name, ok: false, ...finding }
  })
}

/**
 * @param synchronous the children will only run synchronous code and leave by `_exit`: what is in Node's loop is not for them
 * @throws {ForkRefused} on the first check that fails
 */
export function assertForkable(synchronous = false): void {
  for (const [, find] of synchronous ? always : inOrder) {
    const finding = find()
    if (finding) throw new ForkRefused(finding.reason, finding.remedy)
  }
}
