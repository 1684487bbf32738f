import { existsSync } from 'node:fs'
import type { ServeOptions } from '../../src/index.js'
import { namedNodes, nodeVersion } from './nodes.js'
import { tinedProgram, usersEchoProgram } from './paths.js'
import { type ServerSpec, usual } from './server-spec.js'

const echo = ['echo', '--model', 'fork', '--listen', '127.0.0.1:0', '--port-file']
const notBuilt = 'Tined is not built here (npm run build)'

function missing(node: string, program: string, number = 0): string | undefined {
  if (!existsSync(program)) return notBuilt
  return nodeVersion(node) === undefined ? `number ${number} of TINED_BENCH_NODES does not run` : undefined
}

function tinedOn(node: string, number = 0): ServerSpec {
  return {
    ...usual,
    name: `Tined, Node ${nodeVersion(node) ?? node}`,
    role: 'tined',
    command: node,
    args: ({ portFile }) => [tinedProgram, ...echo, portFile],
    ready: 'port-file',
    missing: () => missing(node, tinedProgram, number),
  }
}

/** Lists one row for this node and one for each other version named in TINED_BENCH_NODES. */
export function tinedRows(): ServerSpec[] {
  const rows = [process.execPath, ...namedNodes()].map((node, number) => tinedOn(node, number))
  return rows.filter(({ name }, index) => rows.findIndex((row) => row.name === name) === index)
}

const prefork = ['echo', '--model', 'prefork', '--listen', '127.0.0.1:0']

/** The built-in echo, by workers forked ahead: a fresh one for each connection, and one for many. */
export const tinedPreforkOnce: ServerSpec = {
  ...tinedOn(process.execPath),
  name: 'Tined prefork, a process for each',
  role: 'ahead',
  args: ({ portFile }) => [tinedProgram, ...prefork, '--max-requests', '1', '--port-file', portFile],
}

export const tinedPreforkReuse: ServerSpec = {
  ...tinedPreforkOnce,
  name: 'Tined prefork, with reuse',
  args: ({ portFile }) => [tinedProgram, ...prefork, '--port-file', portFile],
}

/** A program as users write it, around the handler of that name in bench/servers/users-echo.ts. */
function written(name: string, handler: string, role: ServerSpec['role'], options: ServeOptions = {}): ServerSpec {
  return {
    ...tinedOn(process.execPath),
    name,
    role,
    args: ({ portFile }) => [usersEchoProgram, portFile, handler, JSON.stringify(options)],
    missing: () => missing(process.execPath, usersEchoProgram),
  }
}

export const ownCallbacks = written('Tined, own callbacks', 'callbacks', 'own')
export const ownAsync = written('Tined, own async handler', 'async', 'own')
export const ownWaking = written('Tined, own async handler, timer and file', 'timer and file', 'own')
export const heavyAsync = written('Tined, async handler in a heavy program', 'heavy async', 'own')
/** What users write, in model fork: callbacks and the first example of README, one that waits for Node, one in a program that holds much. */
export const ownRows: readonly ServerSpec[] = [
  ownCallbacks,
  ownAsync,
  written('Tined, own async handler, rehearsed', 'async', 'own', { rehearsal: 'rehearsal\n' }),
  ownWaking,
  written('Tined, callbacks in a heavy program', 'heavy callbacks', 'own'),
  heavyAsync,
]

const once = { model: 'prefork', maxRequests: 1 } as const
const again = { model: 'prefork' } as const
/** The same by workers forked ahead: a fresh one for each connection, and one for many. */
export const aheadRows: readonly ServerSpec[] = [
  tinedPreforkOnce,
  tinedPreforkReuse,
  written('Tined prefork, a process for each, own callbacks', 'callbacks', 'ahead', once),
  written('Tined prefork, with reuse, own callbacks', 'callbacks', 'ahead', again),
  written('Tined prefork, a process for each, own async handler', 'async', 'ahead', once),
  written('Tined prefork, with reuse, own async handler', 'async', 'ahead', again),
]

/** The built-in echo. */
export const builtIn: ServerSpec = tinedOn(process.execPath)
