import { barChart } from './bar-chart.js'
import type { EchoRow } from './echo-rounds.js'
import { inWords, type Machine } from './machine.js'

/** How many connections play at once, of those that are measured: a chart holds two. */
export const CHARTED = [50, 5000] as const

/** Messages a second, the most first. @param leftOut names of servers that only the tables have */
export function echoChart(rows: readonly EchoRow[], machine: Machine, leftOut: readonly string[]): string {
  const bars = rows
    .filter(({ name }) => !leftOut.includes(name))
    .map(({ name, role, at }) => ({
      name,
      values: CHARTED.map((count) => at.find(({ party }) => party.clients === count)?.perSecond ?? 0),
      emphasis: role === 'tined',
    }))
  return barChart({
    title: 'Echoes per second over connections that stay, on one core',
    note: inWords(machine),
    series: CHARTED.map((count) => `${count.toLocaleString('en-US')} connections`),
    bars: bars.sort((left, right) => (right.values[0] ?? 0) - (left.values[0] ?? 0)),
  })
}
