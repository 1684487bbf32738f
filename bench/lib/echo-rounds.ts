import { cpuTimeNs } from './cpu-time.js'
import { failureLine } from './failure.js'
import { type Party, type PingPong, Player } from './ping-pong.js'
import { processTree } from './process-tree.js'
import { startServer } from './run-server.js'
import type { ServerSpec } from './server-spec.js'

export interface Visit extends PingPong {
  /** CPU time of the server for a message, in ns. */
  readonly cpuNs: number
}

export interface EchoRow {
  readonly name: string
  readonly role: ServerSpec['role']
  /** One for each party, over all rounds. */
  readonly at: readonly {
    readonly party: Party
    readonly perSecond: number
    readonly cpuNs: number
    readonly p50Us: number
    readonly p99Us: number
    readonly rates: readonly number[]
  }[]
}

export interface EchoBench {
  readonly parties: readonly Party[]
  readonly rounds: number
  readonly scratch: string
  readonly client: readonly string[]
  readonly serverPrefix: readonly string[]
}

const warmUp = { clients: 10, idle: 0, seconds: 0.3 }

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

async function visit(spec: ServerSpec, bench: EchoBench): Promise<Visit[]> {
  const server = await startServer(spec, bench.scratch, bench.serverPrefix)
  try {
    await play(bench.client, server.port, warmUp, server.leader)
    const visits: Visit[] = []
    for (const party of bench.parties) visits.push(await play(bench.client, server.port, party, server.leader))
    return visits
  } finally {
    await server.stop()
  }
}

function summarise(parties: readonly Party[], rounds: readonly Visit[][]): EchoRow['at'] {
  return parties.map((party, index) => {
    const visits = rounds.flatMap((round) => round[index] ?? [])
    // the best, not the median: whatever else the machine does can only take away
    const least = (value: (visit: Visit) => number): number => Math.min(...visits.map(value))
    const rates = visits.map(({ messages, seconds }) => Math.round(messages / seconds))
    return {
      party,
      perSecond: Math.max(...rates),
      cpuNs: Math.round(least(({ cpuNs }) => cpuNs)),
      p50Us: least(({ p50Us }) => p50Us),
      p99Us: least(({ p99Us }) => p99Us),
      rates,
    }
  })
}

/** Visits every server once a round, each round starting with another one. A server that fails is left out, and named. */
export async function runEchoRounds(specs: readonly ServerSpec[], bench: EchoBench) {
  const all = new Map(specs.map((spec) => [spec, [] as Visit[][]]))
  const failures: string[] = []
  for (let round = 0; round < bench.rounds; round++) {
    const order = [...all.keys()]
    const start = round % Math.max(order.length, 1)
    for (const spec of [...order.slice(start), ...order.slice(0, start)]) {
      try {
        const visits = await visit(spec, bench)
        all.get(spec)?.push(visits)
        const shown = visits.map(
          ({ messages, seconds, cpuNs }) => `${Math.round(messages / seconds)}/s ${Math.round(cpuNs)} ns`,
        )
        console.log(`round ${round + 1} of ${bench.rounds}: ${spec.name}: ${shown.join(', ')}`)
      } catch (error) {
        all.delete(spec)
        failures.push(failureLine(spec.name, error))
      }
    }
  }
  const rows = [...all].map(
    ([{ name, role }, rounds]): EchoRow => ({ name, role, at: summarise(bench.parties, rounds) }),
  )
  return { rows, failures }
}
