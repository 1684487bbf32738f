import type { Claim } from './claims.js'
import { type EchoRow, pairedRatio } from './echo-rounds.js'
import { inWords, type Machine } from './machine.js'
import { markdownTable, type Row } from './table.js'

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const ratio = (values: readonly number[], of: readonly number[] | undefined): string =>
  of === undefined ? '-' : pairedRatio(values, of).toFixed(2)

/** Messages a second and CPU time for a message, each beside that of the C server. */
export function echoTable(rows: readonly EchoRow[]): Row[] {
  const floor = rows.find(({ role }) => role === 'floor')
  const columns = ['/s', 'of C', 'CPU ns', 'of C']
  const heading = rows[0]?.at.flatMap(({ party }) => columns.map((column) => `${column} (${party.clients})`)) ?? []
  const body = rows.map(({ name, at }) => [
    name,
    ...at.flatMap((each, index) => {
      const other = floor?.at[index]
      return [whole(each.perSecond), ratio(each.rates, other?.rates), whole(each.cpuNs), ratio(each.cpus, other?.cpus)]
    }),
  ])
  return [['server', ...heading], ...body]
}

export function latencyTable(rows: readonly EchoRow[]): Row[] {
  const heading = rows[0]?.at.flatMap(({ party }) => [`p50 µs (${party.clients})`, `p99 µs (${party.clients})`]) ?? []
  return [
    ['server', ...heading],
    ...rows.map(({ name, at }) => [name, ...at.flatMap((each) => [whole(each.p50Us), whole(each.p99Us)])]),
  ]
}

/** CPU time for a message beside silent connections: one row for each number of them. */
export function silentTable(rows: readonly EchoRow[]): Row[] {
  const counts = rows[0]?.at.map(({ party }) => party.idle) ?? []
  return [
    ['silent connections', ...rows.map(({ name }) => `${name}, ns`)],
    ...counts.map((count, index) => [whole(count), ...rows.map(({ at }) => whole(at[index]?.cpuNs ?? Number.NaN))]),
  ]
}

interface Named {
  tined: string
  net: string
}

/** What is aimed at. */
export function echoClaims(rows: readonly EchoRow[], { tined, net }: Named): Claim[] {
  const find = (name: string) => rows.find((row) => row.name === name)
  const own = find(tined)
  const floor = rows.find(({ role }) => role === 'floor')
  return (own?.at ?? []).flatMap((each, index) => {
    const { clients } = each.party
    const who = clients === 1 ? '1 client' : `${clients} clients`
    const c = floor?.at[index]
    const node = find(net)?.at[index]
    const claims: Claim[] = []
    if (c !== undefined) {
      const rate = pairedRatio(each.rates, c.rates)
      const cpu = pairedRatio(each.cpus, c.cpus)
      claims.push({
        says: `${who}: at least 0.95 of C in messages/s: ${rate.toFixed(2)}`,
        holds: rate >= 0.95,
      })
      claims.push({
        says: `${who}: at most 1.25 of C in CPU per message: ${cpu.toFixed(2)}`,
        holds: cpu <= 1.25,
      })
    }
    if (node !== undefined) {
      const rate = pairedRatio(each.rates, node.rates)
      claims.push({
        says: `${who}: at least 1.4 of Node net in messages/s: ${rate.toFixed(2)}`,
        holds: rate >= 1.4,
      })
    }
    return claims
  })
}

export function echoPage(rows: readonly EchoRow[], machine: Machine, method: string, notes: readonly string[]): string {
  return [
    '# Echoes over connections that stay',
    '',
    `${inWords(machine)}. ${method}`,
    '',
    markdownTable(echoTable(rows)),
    '',
    'In brackets: connections that play ping-pong at once. CPU: of the whole server, for one message.',
    '',
    markdownTable(latencyTable(rows)),
    '',
    '![Echoes per second beside C, Bun, Go, Python and Node net](echo.svg)',
    '',
    ...(notes.length > 0 ? [...notes.map((note) => `- ${note}`), ''] : []),
  ].join('\n')
}

export function silentPage(rows: readonly EchoRow[], machine: Machine, rounds: number): string {
  return [
    '# Beside silent connections',
    '',
    `${inWords(machine)}. Ten connections play ping-pong with 64 bytes, all others are silent. CPU time of the server for a message; the`,
    `median of ${rounds} rounds.`,
    '',
    markdownTable(silentTable(rows)),
    '',
    '![CPU time for a message as silent connections grow in number](silent.svg)',
    '',
  ].join('\n')
}
