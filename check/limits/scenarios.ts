/** What is starved, and how: each says what came of it. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '../../test/harness/client.js'
import { ControlGroup, noGroup } from '../../test/harness/control-group.js'
import { FILTERED, noFilter, type REFUSALS, under as underFilter } from '../../test/harness/filtered.js'
import { asNobody, noNobody, noPrlimit, uid } from '../../test/harness/nobody.js'
import { childrenOf, descriptorsOf } from '../../test/harness/proc.js'
import { fixture, type Launch } from '../../test/harness/program.js'
import type { TestServer } from '../../test/harness/server.js'
import { writerOf } from '../../test/harness/store.js'
import { until } from '../../test/harness/until.js'
import { crowd } from './clients.js'

export type Model = 'fork' | 'prefork' | 'multiplex' | 'single'
export type Handler = 'callbacks' | 'async' | 'store'

export interface Came {
  clients: number
  waited: number
  ended?: number
  lost: number
}

export interface Scenario {
  readonly starved: string
  readonly models: readonly Model[]
  readonly handlers: readonly Handler[]
  readonly skip: string | false
  /** Put before the server's command; called once for each run. */
  prepare?(): { under: readonly string[]; done(): Promise<void> }
  /** Instead of the echo server. */
  launch?(model: Model, handler: Handler): Launch
  run(server: TestServer, model: Model): Promise<Came>
}

const BOTH = ['callbacks', 'async'] as const
const SHORT_MS = 700

function prlimit(pid: number, limit: string, as: readonly string[] = []): void {
  const [command = '', ...args] = [...as, 'prlimit', '--pid', `${pid}`, `--${limit}`]
  execFileSync(command, args)
}

/** Whoever accepts. */
const accepting = (server: TestServer, model: Model): number =>
  model === 'multiplex' ? (childrenOf(server.supervisor).at(-1) as number) : server.supervisor

/** Takes something away, lets clients come, and gives it back. */
async function meanwhile(server: TestServer, count: number, take: () => void, giveBack: () => void): Promise<Came> {
  take()
  const clients = crowd(server.address, count)
  await sleep(SHORT_MS)
  const waited = clients.waiting()
  giveBack()
  return { clients: count, waited, lost: await clients.lost() }
}

/** Clients of a server that has too little from the start: they wait for one another. */
async function crowded(server: TestServer, count: number): Promise<Came> {
  const clients = crowd(server.address, count)
  await sleep(SHORT_MS)
  const waited = clients.waiting()
  return { clients: count, waited, lost: await clients.lost() }
}

const asUser = { under: asNobody, done: async (): Promise<void> => {} }
const tasks = (): number => Number(execFileSync('sh', ['-c', `ps -L -U ${uid} -o lwp= | wc -l`], { encoding: 'utf8' }))

function group(controller: 'memory' | 'pids', limit: number) {
  const made = new ControlGroup(controller, limit)
  return { under: made.under, done: () => made.remove() }
}

const MB = 1024 * 1024

/** 200 clients for each of whom the server takes 8 MB. */
async function fill(server: TestServer): Promise<Came> {
  const count = 200
  const living: Client[] = []
  for (let index = 0; index < count; index++) {
    const client = await Client.connect(server.address)
    if ((await client.takeText(2).catch(() => '')) === '8\n') living.push(client)
  }
  const there = await Promise.all(living.map(async (client) => (await client.exchange('?').catch(() => '')) === '?'))
  for (const client of living) client.close()
  const served = there.filter(Boolean).length
  // the server lives, and serves whoever comes next
  await until('no client is left', async () => (await server.stats()).connections === 0, 20_000)
  const next = await Client.connect(server.address)
  const after = await next.takeText(2).catch(() => '')
  next.close()
  return { clients: count, waited: 0, ended: count - served, lost: after === '8\n' ? 0 : count }
}

const filtered = (refusal: keyof typeof REFUSALS): Scenario => ({
  starved: `${FILTERED.join(', ')}: ${refusal}`,
  models: ['fork', 'prefork', 'multiplex', 'single'],
  handlers: BOTH,
  skip: noFilter,
  prepare: () => ({ under: underFilter(FILTERED, refusal), done: async () => {} }),
  run: (server) => crowded(server, 20),
})

const hardLimit = (pid: number): string =>
  /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1] as string

export const scenarios: readonly Scenario[] = [
  {
    starved: 'all descriptors of the process that accepts',
    models: ['fork', 'multiplex', 'single'],
    handlers: BOTH,
    skip: noPrlimit,
    run(server, model) {
      const pid = accepting(server, model)
      const before = hardLimit(pid)
      return meanwhile(
        server,
        40,
        () => prlimit(pid, 'nofile=3:'),
        () => prlimit(pid, `nofile=${before}:`),
      )
    },
  },
  {
    starved: 'processes of the user: 20 more',
    models: ['fork', 'prefork'],
    handlers: BOTH,
    skip: noNobody,
    prepare: () => asUser,
    run(server) {
      prlimit(server.supervisor, `nproc=${tasks() + 20}:`, asNobody)
      return crowded(server, 40)
    },
  },
  {
    starved: 'processes of the user: none, and a worker dies',
    models: ['multiplex'],
    handlers: BOTH,
    skip: noNobody,
    prepare: () => asUser,
    async run(server, model) {
      const worker = accepting(server, model)
      const take = (): void => {
        prlimit(server.supervisor, 'nproc=1:', asNobody)
        process.kill(worker, 'SIGKILL')
      }
      return await meanwhile(server, 40, take, () => prlimit(server.supervisor, 'nproc=4096:', asNobody))
    },
  },
  {
    starved: 'processes of a control group: 45',
    models: ['fork', 'prefork', 'multiplex'],
    handlers: BOTH,
    skip: noGroup('pids'),
    prepare: () => group('pids', 45),
    run: (server) => crowded(server, 60),
  },
  {
    starved: 'memory of a control group: 300 MB, 8 MB for each client',
    models: ['fork', 'prefork'],
    handlers: BOTH,
    skip: noGroup('memory'),
    prepare: () => group('memory', 300 * MB),
    launch: (model, handler) => fixture('hoarding.js', { model }, '8', handler),
    run: fill,
  },
  {
    starved: "descriptors of the store's writer: none for further senders",
    models: ['fork', 'prefork', 'multiplex'],
    handlers: ['store'],
    skip: noPrlimit,
    async run(server) {
      const writer = (await until('a writer', () => writerOf(server))) as number
      const before = hardLimit(writer)
      const take = (): void => prlimit(writer, `nofile=${descriptorsOf(writer).length}:`)
      return await meanwhile(server, 40, take, () => prlimit(writer, `nofile=${before}:`))
    },
  },
  {
    starved: 'all descriptors of the supervisor, while the writer has to start again',
    models: ['fork', 'prefork', 'multiplex'],
    handlers: ['store'],
    skip: noPrlimit,
    async run(server) {
      const writer = (await until('a writer', () => writerOf(server))) as number
      const before = hardLimit(server.supervisor)
      const take = (): void => {
        prlimit(server.supervisor, 'nofile=3:')
        process.kill(writer, 'SIGKILL')
      }
      return await meanwhile(server, 40, take, () => prlimit(server.supervisor, `nofile=${before}:`))
    },
  },
  filtered('EPERM'),
  filtered('ENOSYS'),
]
