/** What the processes of a program hold, beyond what a Node holds that does nothing. */
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { ownDescriptorsOf } from '../harness/same-file.js'
import { until } from '../harness/until.js'
import { Run } from './run.js'

/** Sockets, pipes and files beside the standard streams. The kernel's helpers (epoll, …) are left out. */
export interface Held {
  sockets: number
  pipes: number
  files: number
}

function countedFor(pid: number): Held {
  const targets = ownDescriptorsOf(pid).map(({ target }) => target)
  const count = (wanted: RegExp): number => targets.filter((target) => wanted.test(target)).length
  return { sockets: count(/^socket:/), pipes: count(/^pipe:/), files: count(/^\/(?!dev\/)/) }
}

const NOTHING: Held = { sockets: 0, pipes: 0, files: 0 }

const minus = (a: Held, b: Held): Held => ({
  sockets: a.sockets - b.sockets,
  pipes: a.pipes - b.pipes,
  files: a.files - b.files,
})

async function measureIdle(): Promise<{ parent: Held; child: Held }> {
  const file = fileURLToPath(new URL('../fixtures/course-idle.js', import.meta.url))
  const run = new Run({ file, args: [] })
  try {
    await run.printed('idle\nidle\n')
    const [child = 0] = await run.children(1)
    const held = { parent: countedFor(run.pid), child: countedFor(child) }
    run.endInput()
    await run.end()
    return held
  } finally {
    run.cleanUp()
  }
}

let idle: Promise<{ parent: Held; child: Held }> | undefined

/** Looks at an idle Node, once; before the first program runs, which would not wait for that. */
export async function prepareHeld(): Promise<void> {
  idle ??= measureIdle()
  await idle
}

/**
 * What a process of the program holds of its own. Waits a little for `wanted`, as the process may just be closing
 * something, and tells the truth when that does not come.
 */
export async function heldBy(run: Run, pid: number, wanted: Partial<Held>): Promise<Held> {
  if (!run.native) await prepareHeld()
  const { parent, child } = (run.native ? undefined : await idle) ?? { parent: NOTHING, child: NOTHING }
  const now = (): Held => minus(countedFor(pid), pid === run.pid ? parent : child)
  const expected = { ...NOTHING, ...wanted }
  return until('what it holds', () => (isDeepStrictEqual(now(), expected) ? expected : undefined), 2000).catch(now)
}
