import { cpuTimeNs } from './cpu-time.js'
import { failureLine } from './failure.js'
import { median } from './median.js'
import { type Party, type PingPong, Player } from './ping-pong.js'
import { processTree } from './process-tree.js'
import { type RunningServer, startServer } from './run-server.js'
import type { ServerSpec } from './server-spec.js'

export interface Visit extends PingPong {
  /** CPU time of the server for a message, in ns. */
  readonly cpuNs: number
}

/** What a server did with one party, over all rounds. Lists are in the order of the rounds. */
export interface AtParty {
  readonly party: Party
  /** Medians. */
  readonly perSecond: number
  readonly cpuNs: number
  readonly p50Us: number
  readonly p99Us: number
  readonly rates: readonly number[]
  readonly cpus: readonly number[]
}

export interface EchoRow {
  readonly name: string
  readonly role: ServerSpec['role']
  /** One for each party. */
  readonly at: readonly AtParty[]
}

export interface EchoBench {
  readonly parties: readonly Party[]
  readonly rounds: number
  readonly scratch: string
  readonly client: readonly string[]
  readonly serverPrefix: readonly string[]
}

const warmUp = { clients: 20, idle: 0, seconds: 1 }

/** One run of a party against a server that is up. */
export async function play(
  client: readonly string[],
  port: number,
  party: Party,
  leader: Parameters<typeof processTree>[0],
): Promise<Visit> {
  const player = new Player(client, port, party)
  await player.ready()
  const tree = processTree(leader)
  const before = cpuTimeNs(tree)
  const played = await player.play()
  const cpuNs = (cpuTimeNs(tree) - before) / Math.max(played.messages, 1)
  if ((await player.finish()) !== party.idle) throw new Error('a silent connection was lost')
  return { ...played, cpuNs }
}

function summarise(party: Party, visits: readonly Visit[]): AtParty {
  const rates = visits.map(({ messages, seconds }) => Math.round(messages / seconds))
  const cpus = visits.map(({ cpuNs }) => Math.round(cpuNs))
  return {
    party,
    perSecond: Math.round(median(rates)),
    cpuNs: Math.round(median(cpus)),
    p50Us: median(visits.map(({ p50Us }) => p50Us)),
    p99Us: median(visits.map(({ p99Us }) => p99Us)),
    rates,
    cpus,
  }
}

/** The median of the ratios of each round: what the machine does meanwhile happens to neighbours in time alike. */
export const pairedRatio = (values: readonly number[], of: readonly number[]): number =>
  median(values.map((value, round) => value / (of[round] ?? Number.NaN)))

/**
 * Starts all servers; only one at a time has clients. In each round every server has each party once, one right after the other,
 * beginning with another one each time. A server that fails is left out, and named.
 */
export async function runEchoRounds(specs: readonly ServerSpec[], bench: EchoBench) {
  const up = new Map<ServerSpec, { server: RunningServer; visits: Visit[][] }>()
  const failures: string[] = []
  const attempt = async (spec: ServerSpec, what: () => Promise<void>): Promise<void> => {
    try {
      await what()
    } catch (error) {
      failures.push(failureLine(spec.name, error))
      await up.get(spec)?.server.stop()
      up.delete(spec)
    }
  }
  try {
    for (const spec of specs)
      await attempt(spec, async () => {
        const server = await startServer(spec, bench.scratch, bench.serverPrefix)
        up.set(spec, { server, visits: bench.parties.map(() => []) })
        await play(bench.client, server.port, warmUp, server.leader)
      })
    for (let round = 0; round < bench.rounds; round++)
      for (const [index, party] of bench.parties.entries()) {
        const order = [...up]
        const start = round % Math.max(order.length, 1)
        for (const [spec, { server, visits }] of [...order.slice(start), ...order.slice(0, start)])
          await attempt(spec, async () => {
            const visit = await play(bench.client, server.port, party, server.leader)
            visits[index]?.push(visit)
            const rate = Math.round(visit.messages / visit.seconds)
            const clients = `${party.clients} clients, ${party.idle} silent`
            console.log(
              `round ${round + 1} of ${bench.rounds}, ${clients}: ${spec.name}: ${rate}/s ${Math.round(visit.cpuNs)} ns`,
            )
          })
      }
  } finally {
    for (const { server } of up.values()) await server.stop()
  }
  const rows = [...up].map(
    ([{ name, role }, { visits }]): EchoRow => ({
      name,
      role,
      at: bench.parties.map((party, index) => summarise(party, visits[index] ?? [])),
    }),
  )
  return { rows, failures }
}
