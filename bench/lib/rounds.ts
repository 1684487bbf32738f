import { failureLine } from './failure.js'
import { type Load, rate, runLoad } from './load.js'
import { median } from './median.js'
import { startServer } from './run-server.js'
import type { ServerSpec } from './server-spec.js'

export const concurrencies = [1, 20] as const

export interface Effort {
  readonly rounds: number
  /** How long each measurement is to take, about; every server is given the same time, not the same number. */
  readonly seconds: number
  /** How many connections more than there are clients, at least. */
  readonly extra: number
}

export interface Bench extends Effort {
  readonly scratch: string
  readonly client: readonly string[]
  readonly serverPrefix: readonly string[]
}

export interface AtConcurrency {
  readonly clients: number
  readonly perSecond: number
  readonly p50Us: number
  readonly p99Us: number
  readonly connections: number
  readonly rates: number[]
}

export interface Measured {
  readonly name: string
  readonly role: ServerSpec['role']
  readonly at: AtConcurrency[]
  /** With one client that rests before each connection, so that whoever prepares for the next has the time to. */
  readonly restedP50Us: number
}

/** Of one server, once. */
interface Visit {
  readonly loads: readonly Load[]
  readonly rested: Load
}

const REST_US = 5000
const RESTED = 100

async function measure(spec: ServerSpec, port: number, clients: number, bench: Bench): Promise<Load> {
  const warmup = await runLoad(bench.client, port, clients, spec.warmup)
  const total = Math.round(rate(warmup) * bench.seconds)
  // At most what the ephemeral ports bear while TIME_WAIT holds them.
  return runLoad(bench.client, port, clients, Math.min(Math.max(total, clients + bench.extra), 10_000))
}

// A fresh server each time: no other one runs meanwhile, and the luck of one address layout does not decide the median.
async function visit(spec: ServerSpec, bench: Bench): Promise<Visit> {
  const server = await startServer(spec, bench.scratch, bench.serverPrefix)
  try {
    const loads: Load[] = []
    for (const clients of concurrencies) loads.push(await measure(spec, server.port, clients, bench))
    return { loads, rested: await runLoad(bench.client, server.port, 1, RESTED, REST_US) }
  } finally {
    await server.stop()
  }
}

function summariseAt(clients: number, loads: readonly Load[]): AtConcurrency {
  const rates = loads.map((load) => Math.round(rate(load)))
  return {
    clients,
    perSecond: median(rates),
    p50Us: median(loads.map(({ p50Us }) => p50Us)),
    p99Us: median(loads.map(({ p99Us }) => p99Us)),
    connections: loads.reduce((sum, { connections }) => sum + connections, 0),
    rates,
  }
}

function summarise(visits: readonly Visit[]): AtConcurrency[] {
  return concurrencies.map((clients, index) => {
    const loads = visits.flatMap((visit) => visit.loads[index] ?? [])
    return summariseAt(clients, loads)
  })
}

export function rotated<T>(list: readonly T[], by: number): T[] {
  const start = by % Math.max(list.length, 1)
  return [...list.slice(start), ...list.slice(0, start)]
}

/** Visits every server once a round, each round starting with another one. A server that fails is left out, and named. */
export async function runRounds(specs: readonly ServerSpec[], bench: Bench) {
  const visits = new Map(specs.map((spec) => [spec, [] as Visit[]]))
  const failures: string[] = []
  for (let round = 0; round < bench.rounds; round++) {
    for (const spec of rotated([...visits.keys()], round)) {
      try {
        const found = await visit(spec, bench)
        visits.get(spec)?.push(found)
        const rates = found.loads.map((load) => `${Math.round(rate(load))}/s`).join(' ')
        console.log(`round ${round + 1} of ${bench.rounds}: ${spec.name}: ${rates}`)
      } catch (error) {
        visits.delete(spec)
        failures.push(failureLine(spec.name, error))
      }
    }
  }
  const measured = [...visits].map(([{ name, role }, all]): Measured => {
    const restedP50Us = median(all.map(({ rested }) => rested.p50Us))
    return { name, role, at: summarise(all), restedP50Us }
  })
  return { measured, failures }
}
