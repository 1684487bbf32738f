import { barChart } from './bar-chart.js'
import { inWords, type Machine } from './machine.js'
import type { AtConcurrency, Measured } from './rounds.js'
import { markdownTable, type Row } from './table.js'

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function milliseconds(us: number): string {
  return us < 10_000 ? (us / 1000).toFixed(2) : whole(us / 1000)
}

function times(at: AtConcurrency, other: AtConcurrency | undefined): string {
  return other === undefined ? '-' : (at.perSecond / other.perSecond).toFixed(2)
}

export function fastestFirst(measured: readonly Measured[]): Measured[] {
  return [...measured].sort((left, right) => (right.at[1]?.perSecond ?? 0) - (left.at[1]?.perSecond ?? 0))
}

export function rateTable(measured: readonly Measured[]): Row[] {
  const floor = measured.find(({ role }) => role === 'floor')
  const columns = ['/s', 'of C', 'p50 ms', 'p99 ms']
  const heading = measured[0]?.at.flatMap(({ clients }) => columns.map((column) => `${column} (${clients})`)) ?? []
  const rows = measured.map(({ name, at, restedP50Us }) => [
    name,
    ...at.flatMap((each, index) => [
      whole(each.perSecond),
      times(each, floor?.at[index]),
      milliseconds(each.p50Us),
      milliseconds(each.p99Us),
    ]),
    milliseconds(restedP50Us),
  ])
  return [['server', ...heading, 'rested p50 ms'], ...rows]
}

/** How many times as fast each Tined row is as each other server: above 1.00 it is ahead. */
export function aheadTable(measured: readonly Measured[]): Row[] {
  const tined = measured.filter(({ role }) => role === 'tined')
  const peers = measured.filter(({ role }) => role === 'peer')
  const heading = tined.flatMap(({ name, at }) => at.map(({ clients }) => `${name} (${clients})`))
  const rows = peers.map((peer) => [
    peer.name,
    ...tined.flatMap(({ at }) =>
      at.map((each, index) => {
        const other = peer.at[index]
        const ahead = other !== undefined && each.perSecond > other.perSecond
        return `${ahead ? 'ahead' : 'behind'} ${times(each, other)}`
      }),
    ),
  ])
  return [['against', ...heading], ...rows]
}

export function rateChart(measured: readonly Measured[], machine: Machine): string {
  return barChart({
    title: 'Connections per second, a process for each',
    note: inWords(machine),
    series: measured[0]?.at.map(({ clients }) => `${clients} client${clients === 1 ? '' : 's'} at once`) ?? [],
    bars: measured.map(({ name, role, at }) => ({
      name,
      values: at.map(({ perSecond }) => perSecond),
      emphasis: role === 'tined' || role === 'own',
    })),
  })
}

export function connectionPage(
  measured: readonly Measured[],
  machine: Machine,
  method: string,
  notes: readonly string[],
): string {
  const list = notes.length > 0 ? [...notes.map((note) => `- ${note}`), ''] : []
  return [
    '# Connections per second',
    '',
    `${inWords(machine)}. ${method}`,
    '',
    markdownTable(rateTable(measured)),
    '',
    'In brackets: how many clients at once. Rested: one client that waits 5 ms before each connection. Tined against each of the others, in connections per second:',
    '',
    markdownTable(aheadTable(measured)),
    '',
    ...list,
  ].join('\n')
}
