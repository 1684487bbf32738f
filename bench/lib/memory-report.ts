import type { Claim } from './claims.js'
import type { IdleMemory } from './idle-memory.js'
import { inWords, type Machine } from './machine.js'
import { markdownTable, type Row } from './table.js'
import { builtIn, ownAsync, ownCallbacks } from './tined-specs.js'

function kb(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

export function memoryTable(measured: readonly IdleMemory[]): Row[] {
  const heading = ['server', 'connections', 'PSS', 'anonymous', 'file', 'process PSS', 'private dirty', 'page tables']
  const rows = measured.map(({ name, connections, perConnection, perProcess }) => [
    name,
    String(connections),
    kb(perConnection.pss),
    kb(perConnection.pssAnon),
    kb(perConnection.pssFile),
    kb(perProcess.pss),
    kb(perProcess.privateDirty),
    kb(perProcess.pageTables),
  ])
  return [heading, ...rows]
}

export const method =
  'KB of 1024 bytes for each idle connection, which has echoed 64 bytes once. PSS, anonymous, file: what the whole ' +
  'server grew by, divided by the connections. Process PSS, private dirty, page tables: the mean of the processes that ' +
  'came with the connections; the kernel does not count page tables as PSS.'

/** Says of which rows fewer connections were opened. */
export function scaledNotes(measured: readonly IdleMemory[]): string[] {
  const most = Math.max(...measured.map(({ connections }) => connections))
  return measured
    .filter(({ connections }) => connections < most)
    .map(
      ({ name, connections }) =>
        `${name}: measured with ${connections} connections, not ${most}, for its processes are large`,
    )
}

export function memoryPage(measured: readonly IdleMemory[], machine: Machine, notes: readonly string[]): string {
  const list = notes.length > 0 ? [...notes.map((note) => `- ${note}`), ''] : []
  const table = markdownTable(memoryTable(measured))
  return ['# Memory for each idle connection', '', `${inWords(machine)}. ${method}`, '', table, '', ...list].join('\n')
}

const MOST_KB = new Map([
  [builtIn.name, 350],
  [ownCallbacks.name, 350],
  [ownAsync.name, 512],
])

export function memoryClaims(measured: readonly IdleMemory[]): Claim[] {
  return measured.flatMap(({ name, perConnection: { pss } }) => {
    const most = MOST_KB.get(name)
    return most === undefined
      ? []
      : [{ says: `${name}: at most ${most} KB for each idle connection: ${kb(pss)} KB`, holds: pss <= most }]
  })
}
