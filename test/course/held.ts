/** What the processes of a program hold, beyond what a Node holds that does nothing. */
import { fileURLToPath } from 'node:url'
import { ownDescriptorsOf } from '../harness/same-file.js'
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

/** What a process of the program holds of its own. */
export async function heldBy(run: Run, pid: number): Promise<Held> {
  const held = countedFor(pid)
  if (run.native) return held
  idle ??= measureIdle()
  const { parent, child } = await idle
  return minus(held, pid === run.pid ? parent : child)
}
