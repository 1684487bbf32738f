/** Where the servers of a run live, one after another: a folder, a port, a socket file, and for the store its file. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atExit } from '../../bench/lib/cleanup.js'
import { Nats } from '../../test/harness/nats.js'
import { type Launch, tined } from '../../test/harness/program.js'
import { type SinkName, sinkOf } from '../crash/sinks.js'

/** What a run is told. */
export interface Task {
  readonly seed: string
  readonly model: string
  /** `stream`: a store with a stream behind it. */
  readonly program: 'echo' | 'store' | 'stream'
  /** Of a store. @default 'ndjson' */
  readonly sink?: SinkName
  readonly seconds: number
  /** Nothing but so many kills, if they fit into that time. */
  readonly kills?: number
}

export interface Place {
  readonly folder: string
  readonly port: number
  readonly socketFile: string
  /** What the store has stored. */
  readonly file: string
  readonly sink: SinkName
  readonly launch: Launch
  /** The broker of the stream. */
  readonly nats: Nats | undefined
}

export const DRAIN_MS = 2000

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** Below those that the kernel gives to clients: one of them could take it while no server runs, or be connected to itself. */
async function findPort(): Promise<number> {
  for (let port = 10_000 + (process.pid % 20_000); ; port++) if (await isFree(port)) return port
}

export async function makePlace({ model, program, sink = 'ndjson' }: Task): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'tined-chaos-'))
  atExit(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o777)
  const [file, socketFile, port] = [join(folder, 'messages.ndjson'), join(folder, 'socket'), await findPort()]
  const nats = program === 'stream' ? await new Nats().start() : undefined
  if (nats !== undefined) atExit(() => nats.killNow())
  const stream = [
    '--to',
    `nats://${nats?.address}/messages`,
    '--spool',
    join(folder, 'spool'),
    '--durability',
    'replicated',
  ]
  const args = [
    ...['--model', model, '--log', 'json', '--drain-timeout', `${DRAIN_MS}ms`],
    ...['--listen', `127.0.0.1:${port}`, '--listen', `unix:${socketFile}`],
    ...(model === 'multiplex' ? ['--workers', '2'] : []),
    ...(program === 'store' ? ['--to', sinkOf(sink).to(file), ...sinkOf(sink).args] : []),
    ...(program === 'stream' ? stream : []),
  ]
  return { folder, port, socketFile, file, sink, launch: tined(program === 'echo' ? 'echo' : 'store', ...args), nats }
}
