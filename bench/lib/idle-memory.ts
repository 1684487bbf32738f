import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './deadline.js'
import { openIdle } from './idle-clients.js'
import { type Process, processTree } from './process-tree.js'
import { type RunningServer, startServer } from './run-server.js'
import type { ServerSpec } from './server-spec.js'
import { growth, type Memory, mean, sumMemory } from './smaps.js'

export interface IdleMemory {
  readonly name: string
  readonly role: ServerSpec['role']
  readonly connections: number
  readonly processes: number
  /** What the whole server grew by, divided by the connections. */
  readonly perConnection: Memory
  /** The mean of the processes that came with the connections. */
  readonly perProcess: Memory
}

const settleMs = 300

function newcomers(before: readonly Process[], after: readonly Process[]): Process[] {
  const known = new Set(before.map(({ pid, started }) => `${pid} ${started}`))
  return after.filter(({ pid, started }) => !known.has(`${pid} ${started}`))
}

async function measure(spec: ServerSpec, { leader, port }: RunningServer): Promise<IdleMemory> {
  await sleep(settleMs)
  const before = processTree(leader)
  const empty = sumMemory(before)
  const closeAll = await openIdle(port, spec.idle)
  try {
    await sleep(settleMs)
    const after = processTree(leader)
    const added = newcomers(before, after)
    // Or a server that shares one process among all would look thrifty here.
    if (added.length < spec.idle) throw new Error(`only ${added.length} processes came with ${spec.idle} connections`)
    const perConnection = growth(empty, sumMemory(after), spec.idle)
    const { name, role, idle: connections } = spec
    return { name, role, connections, processes: added.length, perConnection, perProcess: mean(added) }
  } finally {
    closeAll()
    // The server reaps its own children before it is told to stop, or they would be left to whoever adopts them.
    await until(() => (processTree(leader).length <= before.length ? true : undefined), 5_000, 'hanging up').catch(
      () => {},
    )
  }
}

/** Starts the server, holds its idle connections open, and weighs it with and without them. */
export async function measureIdle(spec: ServerSpec, scratch: string): Promise<IdleMemory> {
  const server = await startServer(spec, scratch, [])
  try {
    return await measure(spec, server)
  } finally {
    await server.stop()
  }
}
