/** Visits stores in turns, and puts what each was loaded with into a table. */
import { failureLine } from './failure.js'
import { median } from './median.js'
import { rotated } from './rounds.js'
import { startServer } from './run-server.js'
import { loadStore, type StoreLoad } from './store-load.js'
import type { StoreSpec } from './store-spec.js'
import type { Row } from './table.js'

export interface StoreBench {
  readonly scratch: string
  /** bench/peers/ask.c, compiled. */
  readonly program: string
  /** Numbers of clients at a time, one measurement each. */
  readonly clients: readonly number[]
  readonly rounds: number
  /** Of a measurement. */
  readonly seconds: number
  /** A command that each server is run under. */
  readonly prefix: readonly string[]
  /** Before each round. */
  readonly begins?: () => void
}

export class StoreRounds {
  readonly #bench: StoreBench
  /** By the name of a store, for each number of clients what each round found. */
  readonly loads = new Map<string, StoreLoad[][]>()
  readonly failures: string[] = []

  constructor(bench: StoreBench) {
    this.#bench = bench
  }

  /** Each round begins with another one; one that fails is named. */
  async run(specs: readonly StoreSpec[]): Promise<void> {
    const { rounds, clients, begins } = this.#bench
    for (let round = 0; round < rounds; round++) {
      begins?.()
      for (const spec of rotated(specs, round)) {
        try {
          const found = await this.#visit(spec)
          for (const [index, load] of found.entries()) {
            const all = this.loads.get(spec.name) ?? clients.map(() => [])
            all[index]?.push(load)
            this.loads.set(spec.name, all)
          }
          const rates = found.map(({ perSecond }) => `${perSecond}/s`).join(' ')
          console.log(`round ${round + 1} of ${rounds}: ${spec.name}: ${rates}`)
        } catch (error) {
          this.failures.push(failureLine(spec.name, error))
          console.log(this.failures.at(-1))
        }
      }
    }
  }

  /** Messages a second, the median of the rounds. @param index of the number of clients */
  perSecond(name: string, index: number): number {
    return this.#of(name, index, 'perSecond')
  }

  /** For people: a row for each store that was measured, in the order of their names here. */
  table(names: readonly string[]): Row[] {
    const { clients } = this.#bench
    const ms = (found: number): string => (Number.isNaN(found) ? '' : found.toFixed(2))
    const heading: Row = ['', ...clients.flatMap((count) => [`${count} clients, /s`, 'p50 ms', 'p99 ms'])]
    const rows = names
      .filter((name) => this.loads.has(name))
      .map(
        (name): Row => [
          name,
          ...clients.flatMap((_, index) => [
            String(Math.round(this.perSecond(name, index))),
            ms(this.#of(name, index, 'p50Ms')),
            ms(this.#of(name, index, 'p99Ms')),
          ]),
        ],
      )
    return [heading, ...rows]
  }

  #of(name: string, index: number, field: keyof StoreLoad): number {
    return median(this.loads.get(name)?.[index]?.map((load) => load[field] ?? Number.NaN) ?? [])
  }

  async #visit(spec: StoreSpec): Promise<StoreLoad[]> {
    const { scratch, program, clients, seconds, prefix } = this.#bench
    const server = await startServer(spec, scratch, prefix)
    try {
      await spec.prepare?.(server.port)
      const found: StoreLoad[] = []
      for (const count of clients) found.push(await loadStore(program, scratch, spec, server.port, count, seconds))
      return found
    } finally {
      await server.stop()
    }
  }
}
