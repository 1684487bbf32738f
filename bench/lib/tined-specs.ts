import { existsSync } from 'node:fs'
import { namedNodes, nodeVersion } from './nodes.js'
import { asyncEchoProgram, tinedProgram } from './paths.js'
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

/** The README's async handler, in both ways. */
const asyncPrefork = (maxRequests: number): Pick<ServerSpec, 'args' | 'missing'> => ({
  args: ({ portFile }) => [asyncEchoProgram, portFile, JSON.stringify({ model: 'prefork', maxRequests })],
  missing: () => missing(process.execPath, asyncEchoProgram),
})

export const tinedPreforkOnceAsync: ServerSpec = {
  ...tinedPreforkOnce,
  name: 'Tined prefork, a process for each, async handler',
  ...asyncPrefork(1),
}

export const tinedPreforkReuseAsync: ServerSpec = {
  ...tinedPreforkOnce,
  name: 'Tined prefork, with reuse, async handler',
  ...asyncPrefork(10_000),
}

export const tinedSync: ServerSpec = { ...tinedOn(process.execPath), name: 'Tined, synchronous handler' }

export const tinedAsync: ServerSpec = {
  ...tinedSync,
  name: 'Tined, asynchronous handler',
  args: ({ portFile }) => [asyncEchoProgram, portFile],
  missing: () => missing(process.execPath, asyncEchoProgram),
}
