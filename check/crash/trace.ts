/** A store at work, and what the kernel was asked for meanwhile: what was done to its files and their names, what was synced, which lines were echoed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { atExit } from '../../bench/lib/cleanup.js'
import { until } from '../../bench/lib/deadline.js'
import { portIn } from '../../bench/lib/ready.js'
import { tined } from '../../test/harness/program.js'
import { type Call, callsIn, pathIn, stringIn } from './calls.js'
import { Disk } from './disk.js'
import type { TriedSink } from './sinks.js'
import type { Workload } from './workload.js'

/** In the order in which they were over; an echo counts from when it was begun. */
export type Event =
  | { what: 'created'; name: string }
  | { what: 'renamed'; name: string; to: string }
  | { what: 'unlinked'; name: string }
  | { what: 'folder synced' }
  | { what: 'written'; name: string /** Undefined for at the end. */; at: number | undefined; bytes: Buffer }
  | { what: 'cut'; name: string; length: number }
  | { what: 'synced'; name: string }
  /** Lines as `k3 17`. */
  | { what: 'echoed'; lines: readonly string[] }

const CALLS = 'write,pwrite64,fdatasync,fsync,ftruncate,openat,rename,unlink,sendto'
const PATIENCE_MS = 30_000
const TO_CLIENT = /^\d+<TCP/
const LINE = /(k\d+ \d+) x*\\n/g

/** What a call has done to a file of that folder; undefined for one that has not. */
function eventOf({ name: call, args, result }: Call, folder: string): Event | undefined {
  // SQLite's shared memory: made anew after a power cut
  const isOurs = (path: string): boolean => dirname(path) === folder && !path.endsWith('-shm')
  if (call === 'openat' || call === 'rename' || call === 'unlink') {
    const path = stringIn(args).toString()
    const name = basename(path)
    if (!isOurs(path)) return undefined
    if (call === 'unlink') return { what: 'unlinked', name }
    if (call === 'openat') return args.includes('O_CREAT') ? { what: 'created', name } : undefined
    return { what: 'renamed', name, to: basename(stringIn(args, args.indexOf('", "') + 1).toString()) }
  }
  const path = pathIn(args)
  if (path === folder) return call === 'fsync' ? { what: 'folder synced' } : undefined
  if (path === undefined || !isOurs(path)) return undefined
  const name = basename(path)
  if (call === 'fdatasync' || call === 'fsync') return { what: 'synced', name }
  if (call === 'ftruncate') return { what: 'cut', name, length: Number(/, (\d+)\)/.exec(args)?.[1]) }
  const bytes = stringIn(args).subarray(0, result)
  return {
    what: 'written',
    name,
    at: call === 'pwrite64' ? Number(/, (\d+)(?:\)| <unf).*$/s.exec(args)?.[1]) : undefined,
    bytes,
  }
}

function eventsIn(text: string, folder: string): Event[] {
  const events: Event[] = []
  for (const call of callsIn(text))
    if (call.name === 'sendto' && call.begun) {
      // a worker sends to the writer, too
      if (!TO_CLIENT.test(call.args)) continue
      const lines = [...call.args.matchAll(LINE)].map(([, id]) => id as string)
      if (lines.length > 0) events.push({ what: 'echoed', lines })
    } else if (call.result >= 0) {
      const event = eventOf(call, folder)
      if (event !== undefined) events.push(event)
    }
  return events
}

/** @throws {Error} when the trace and the files do not tell the same */
function assertComplete(events: readonly Event[], folder: string): void {
  const disk = new Disk()
  for (const event of events) disk.apply(event)
  const there = readdirSync(folder).filter((name) => !name.endsWith('-shm'))
  const told = [...disk.names.keys()]
  if (there.sort().join() !== told.sort().join()) throw new Error(`there are ${there}, and ${told} were traced`)
  for (const [name, file] of disk.names)
    if (!file.content.equals(readFileSync(join(folder, name))))
      throw new Error(`${name} has other bytes than were traced`)
}

/** Sends lines in bursts and waits for their echoes, for a while. */
async function talk(port: number, client: number, { burst, forMs, padding }: Workload): Promise<void> {
  const socket: Socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const deadline = performance.now() + forMs
  let received = 0
  let wanted = 0
  socket.on('data', (chunk) => {
    received += chunk.length
  })
  for (let number = 0; performance.now() < deadline; ) {
    const lines: string[] = []
    for (let turn = 0; turn < burst(); turn++) lines.push(`k${client} ${number++} ${'x'.repeat(padding())}\n`)
    const text = lines.join('')
    wanted += text.length
    socket.write(text)
    await until(() => (received >= wanted ? true : undefined), PATIENCE_MS, 'an echo')
  }
  socket.end()
  await once(socket, 'close')
}

/**
 * Runs a store under strace(1).
 *
 * @param place a folder, in which the store's own is `store`, and its file there `m`
 */
export async function traceStore(place: string, sink: TriedSink, workload: Workload): Promise<readonly Event[]> {
  const [traced, portFile, folder] = [join(place, 'trace'), join(place, 'port'), join(place, 'store')]
  mkdirSync(folder)
  const { model, clients } = workload
  const { file: program } = tined()
  const server = ['store', '--model', model, '--to', sink.to(join(folder, 'm')), ...sink.args]
  const where = ['--listen', '127.0.0.1:0', '--port-file', portFile]
  const child = spawn(
    'strace',
    [
      '-f',
      '-qq',
      '-yy',
      '-s',
      '1048576',
      '-e',
      `trace=${CALLS}`,
      '-o',
      traced,
      process.execPath,
      program,
      ...server,
      ...where,
    ],
    { stdio: ['ignore', 'ignore', openSync(join(place, 'log'), 'w')], detached: true },
  )
  const takeBack = atExit(() => process.kill(-(child.pid as number), 'SIGKILL'))
  const port = await until(() => portIn(portFile), PATIENCE_MS, 'starting')
  await Promise.all(Array.from({ length: clients }, (_, client) => talk(port, client, workload)))
  const ended = once(child, 'exit')
  process.kill(Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ')[0]), 'SIGTERM')
  const [code] = await ended
  takeBack()
  if (code !== 0) throw new Error(`the server ended with ${code}: ${readFileSync(join(place, 'log'), 'utf8')}`)
  const events = eventsIn(readFileSync(traced, 'latin1'), folder)
  assertComplete(events, folder)
  return events
}
