/** What is set for later in a program never comes: said once for each, or a program would wait for it without a word. */
import { promiseHooks } from 'node:v8'
import { complain } from '../engine/output/complain.js'

/** What waits for the event loop, and what to use in its place. */
const INSTEAD = {
  setTimeout: 'alarm, sleep or poll',
  setInterval: 'setitimer, or a loop around sleep',
  setImmediate: 'a call at once',
  queueMicrotask: 'a call at once',
} as const

/** `await` and `then` make a promise that has a parent; one that nobody waits for has none, and does no harm. */
function sayWhatNeverSettles(): void {
  const stop = promiseHooks.onInit((_promise, parent) => {
    if (parent === undefined) return
    stop()
    complain(
      'tined/posix: await and then in posix.main() never go on: the event loop does not run. Use calls that wait themselves, such as read, waitpid or readFileSync',
    )
  }) as () => void
}

/** For a process whose event loop never runs. */
export function sayWhatNeverFires(): void {
  sayWhatNeverSettles()
  const globals = globalThis as unknown as Record<string, (...args: unknown[]) => unknown>
  for (const [name, instead] of Object.entries(INSTEAD)) {
    const nodes = globals[name]
    if (nodes === undefined) continue
    globals[name] = Object.assign((...args: unknown[]): unknown => {
      globals[name] = nodes
      complain(
        `tined/posix: ${name} in posix.main() never calls its function: the event loop does not run. Use ${instead}`,
      )
      return nodes(...args)
    }, nodes)
  }
}
