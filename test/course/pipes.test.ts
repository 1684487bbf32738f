/** The programs about pipes, descriptors and select: the C version and the TypeScript behave the same. */
import { before } from 'node:test'
import { compare } from './compare.js'
import { heldBy, prepareHeld } from './held.js'
import type { Run } from './run.js'

/** What parent and child hold of their own. */
async function bothHold(run: Run): Promise<Record<string, unknown>> {
  const [child = 0] = await run.children(1)
  return { parent: await heldBy(run, run.pid, { pipes: 2 }), child: await heldBy(run, child, { pipes: 2 }) }
}

before(prepareHeld)

compare('pipes, descriptors and select', [
  { program: 'pipe1', timed: true, expected: { output: ['parent: Who are you?'], end: 'status 0' } },
  {
    program: 'pipe2',
    timed: true,
    unordered: true,
    observe: async (run) => {
      await run.printed('parent: ')
      return bothHold(run)
    },
    expected: {
      output: ['(blocked) child: Your parent.', 'parent: Who are you?'],
      parent: { sockets: 0, pipes: 2, files: 0 },
      child: { sockets: 0, pipes: 2, files: 0 },
      end: 'status 0',
    },
  },
  {
    program: 'pipe3',
    timed: true,
    expected: { output: ['parent: Who are you?', 'child: Your parent.'], end: 'status 0' },
  },
  {
    program: 'fd_copies',
    timed: true,
    observe: async (run) => {
      await run.printed('client: bye')
      return { parent: await heldBy(run, run.pid, { sockets: 2 }), zombies: await run.zombies(0) }
    },
    expected: {
      output: [
        "server's child: said bye, closed the socket, and ends",
        'client: bye',
        '(blocked) client: end of file within 2 s? no, the parent holds a copy',
        'client: and with that closed too? yes',
      ],
      parent: { sockets: 2, pipes: 0, files: 0 },
      zombies: 0,
      end: 'status 0',
    },
  },
  {
    program: 'select',
    args: ['1'],
    observe: async (run) => {
      await run.printed('time-out!')
      run.type('hello\n')
      await run.printed('you wrote: hello')
      await run.printed('time-out!\nyou wrote: hello\ntime-out!')
      run.endInput()
      return {}
    },
    expected: {
      output: ['time-out!', 'you wrote: hello', 'time-out!', 'end of input'],
      end: 'status 0',
    },
  },
])
