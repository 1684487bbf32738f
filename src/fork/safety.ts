/** What makes forking this process unsafe, each with its remedy. `fork()` refuses on the first; `tined doctor` prints all. */
import inspector from 'node:inspector'
import { isMainThread } from 'node:worker_threads'
import { ForkRefused } from './refused.js'
import { requestsInFlight } from './requests.js'
import { forkWay } from './way.js'

export { ForkRefused }

/** One check. `reason` and `remedy` are there when it failed. */
export interface Check {
  name: string
  ok: boolean
  reason?: string
  remedy?: string
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
        remedy:
          'Close it. A handler is debugged in model single, which never forks, or by inspector.open(0) within it.',
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
