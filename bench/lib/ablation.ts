import { cpuTimeWithChildrenMs } from './cpu-time.js'
import { type IdleMemory, measureIdle } from './idle-memory.js'
import { type Load, rate, runLoad } from './load.js'
import { median } from './median.js'
import { processTree } from './process-tree.js'
import { type Bench, concurrencies, rotated } from './rounds.js'
import { startServer } from './run-server.js'
import type { ServerSpec } from './server-spec.js'

/** A server beside the same server with all that it has: one ratio a round for each measure. */
export interface Ablation {
  readonly name: string
  /** Connections a second, this one's over the whole one's, by how many clients there are. */
  readonly speed: readonly Ratios[]
  /** CPU time for a connection, likewise. */
  readonly cpu: readonly Ratios[]
  /** PSS and page tables for an idle connection. */
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

interface Visit {
  readonly rates: number[]
  readonly cpuMs: number[]
  readonly weight: number
}

const weight = ({ perConnection, perProcess }: IdleMemory): number => perConnection.pss + perProcess.pageTables

async function visit(spec: ServerSpec, bench: Bench): Promise<Visit> {
  const rates: number[] = []
  const cpuMs: number[] = []
  const server = await startServer(spec, bench.scratch, bench.serverPrefix)
  try {
    for (const clients of concurrencies) {
      const load = (total: number): Promise<Load> => runLoad(bench.client, server.port, clients, total)
      const warmUp = await load(spec.warmup)
      const before = cpuTimeWithChildrenMs(processTree(server.leader))
      const measured = await load(Math.min(Math.max(Math.round(rate(warmUp) * bench.seconds), 200), 10_000))
      rates.push(rate(measured))
      cpuMs.push((cpuTimeWithChildrenMs(processTree(server.leader)) - before) / measured.connections)
    }
  } finally {
    await server.stop()
  }
  return { rates, cpuMs, weight: weight(await measureIdle(spec, bench.scratch)) }
}

interface Noted {
  readonly speed: number[][]
  readonly cpu: number[][]
  readonly memory: number[]
}

/**
 * Visits the whole server and each of the others right after each other, in turns first and second, so that both had the same
 * machine.
 */
export async function ablate(whole: ServerSpec, others: readonly ServerSpec[], bench: Bench): Promise<Ablation[]> {
  const nothing = (): number[][] => concurrencies.map(() => [])
  const noted = new Map(
    others.map((spec): [ServerSpec, Noted] => [spec, { speed: nothing(), cpu: nothing(), memory: [] }]),
  )
  for (let round = 0; round < bench.rounds; round++)
    for (const spec of rotated(others, round)) {
      const { speed, cpu, memory } = noted.get(spec) as Noted
      const first = await visit(round % 2 === 0 ? whole : spec, bench)
      const second = await visit(round % 2 === 0 ? spec : whole, bench)
      const [all, without] = round % 2 === 0 ? [first, second] : [second, first]
      for (const index of concurrencies.keys()) {
        speed[index]?.push((without.rates[index] as number) / (all.rates[index] as number))
        cpu[index]?.push((without.cpuMs[index] as number) / (all.cpuMs[index] as number))
      }
      memory.push(without.weight / all.weight)
      const said = [...speed, ...cpu, memory].map((ratios) => (ratios.at(-1) as number).toFixed(2)).join(' ')
      console.log(`round ${round + 1} of ${bench.rounds}: ${spec.name}: ${said}`)
    }
  return [...noted].map(([{ name }, { speed, cpu, memory }]) => ({
    name,
    speed: speed.map(ratiosOf),
    cpu: cpu.map(ratiosOf),
    memory: ratiosOf(memory),
  }))
}
