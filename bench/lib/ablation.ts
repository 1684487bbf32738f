import { type IdleMemory, measureIdle } from './idle-memory.js'
import { rate } from './load.js'
import { median } from './median.js'
import { type Bench, concurrencies, rotated, visit } from './rounds.js'
import type { ServerSpec } from './server-spec.js'

/** A server beside the same server with all that it has: one ratio a round for each measure. */
export interface Ablation {
  readonly name: string
  /** Connections a second, this one's over the whole one's, by how many clients there are. */
  readonly speed: readonly Ratios[]
  /** PSS and page tables for an idle connection, likewise. */
  readonly memory: Ratios
}

export interface Ratios {
  readonly median: number
  readonly least: number
  readonly most: number
  readonly all: readonly number[]
}

export function ratiosOf(all: readonly number[]): Ratios {
  return { median: median(all), least: Math.min(...all), most: Math.max(...all), all }
}

interface Noted {
  readonly speed: number[][]
  readonly memory: number[]
}

const weight = ({ perConnection, perProcess }: IdleMemory): number => perConnection.pss + perProcess.pageTables

/**
 * Visits the whole server and each of the others right after each other, in turns first and second, so that both had the same
 * machine.
 */
export async function ablate(whole: ServerSpec, others: readonly ServerSpec[], bench: Bench): Promise<Ablation[]> {
  const noted = new Map(
    others.map((spec): [ServerSpec, Noted] => [spec, { speed: concurrencies.map(() => []), memory: [] }]),
  )
  for (let round = 0; round < bench.rounds; round++)
    for (const spec of rotated(others, round)) {
      const { speed, memory } = noted.get(spec) as Noted
      const pair = round % 2 === 0 ? [whole, spec] : [spec, whole]
      const seen = new Map<ServerSpec, { rates: number[]; weight: number }>()
      for (const each of pair) {
        const rates = (await visit(each, bench)).map(rate)
        seen.set(each, { rates, weight: weight(await measureIdle(each, bench.scratch)) })
      }
      const [all, without] = [seen.get(whole), seen.get(spec)]
      if (all === undefined || without === undefined) continue
      for (const [index, value] of without.rates.entries()) speed[index]?.push(value / (all.rates[index] as number))
      memory.push(without.weight / all.weight)
      const said = speed.map((ratios) => (ratios.at(-1) as number).toFixed(2)).join(' | ')
      console.log(`round ${round + 1} of ${bench.rounds}: ${spec.name}: ${said}, memory ${memory.at(-1)?.toFixed(2)}`)
    }
  return [...noted].map(([{ name }, { speed, memory }]) => ({
    name,
    speed: speed.map(ratiosOf),
    memory: ratiosOf(memory),
  }))
}
