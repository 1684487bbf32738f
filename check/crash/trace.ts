/** A store at work, and what the kernel was asked for meanwhile: which bytes went to the file, which were synced, which lines were echoed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { atExit } from '../../bench/lib/cleanup.js'
import { until } from '../../bench/lib/deadline.js'
import { portIn } from '../../bench/lib/ready.js'
import { tined } from '../../test/harness/program.js'
import type { Workload } from './workload.js'

/** In the order in which they were over; an echo counts from when it was begun. */
export type Event =
  | { what: 'written'; bytes: number }
  | { what: 'synced' }
  /** Lines as `k3 17`. */
  | { what: 'echoed'; lines: readonly string[] }

export interface Trace {
  readonly events: readonly Event[]
  /** The file as it was in the end. */
  readonly content: Buffer
}

const CALLS = 'write,fdatasync,ftruncate,sendto'
const PATIENCE_MS = 30_000
const LINE = /(k\d+ \d+) x*\\n/g
const CALL = /^(\d+)\s+(?:(\w+)\((\d+)|<\.\.\. (\w+) resumed>)/

/** Each call with where it began and where it was over, which are two lines when another one came between. */
function* callsIn(
  text: string,
): Generator<{ pid: string; call: string; fd: string; line: string; result: number; begun: boolean }> {
  const open = new Map<string, { fd: string; line: string }>()
  for (const line of text.split('\n')) {
    const [, pid = '', call = '', fd = '', resumed] = CALL.exec(line) ?? []
    const result = Number(/= (-?\d+)[^=]*$/.exec(line)?.[1])
    if (resumed !== undefined) {
      const begun = open.get(pid)
      if (begun !== undefined) yield { pid, call: resumed, ...begun, result, begun: false }
    } else if (call !== '') {
      const unfinished = line.endsWith('<unfinished ...>')
      if (unfinished) open.set(pid, { fd, line })
      yield { pid, call, fd, line, result: unfinished ? Number.NaN : result, begun: true }
    }
  }
}

/** @throws {Error} when the trace and the file do not tell the same */
function eventsIn(text: string, size: number): Event[] {
  const calls = [...callsIn(text)]
  // whose descriptor is the file: the one that is synced. A dead writer's successor has another
  const files = new Set(calls.filter(({ call }) => call === 'fdatasync').map(({ pid, fd }) => `${pid} ${fd}`))
  const events: Event[] = []
  let length = 0
  for (const { pid, call, fd, line, result, begun } of calls) {
    const ours = files.has(`${pid} ${fd}`)
    if (call === 'sendto' && begun) {
      const lines = [...line.matchAll(LINE)].map(([, id]) => id as string)
      if (lines.length > 0) events.push({ what: 'echoed', lines })
    } else if (Number.isNaN(result) || !ours) continue
    // what the number stood for before it was the file's: memory that was given its size
    else if (call === 'ftruncate' && events.length === 0) continue
    else if (call === 'write') {
      events.push({ what: 'written', bytes: result })
      length += result
    } else if (call === 'fdatasync' && result === 0) events.push({ what: 'synced' })
    else throw new Error(`a call that was not expected: ${line.slice(0, 200)}`)
  }
  if (length !== size) throw new Error(`${length} bytes were written, and the file has ${size}`)
  return events
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
 * @param sink as for --to, in `folder`, where its file is called `m`
 */
export async function traceStore(folder: string, sink: string, workload: Workload): Promise<Trace> {
  const [traced, portFile, file] = [join(folder, 'trace'), join(folder, 'port'), join(folder, 'm')]
  const { model, clients } = workload
  const { file: program } = tined()
  const server = ['store', '--model', model, '--to', sink, '--listen', '127.0.0.1:0', '--port-file', portFile]
  const child = spawn(
    'strace',
    ['-f', '-qq', '-s', '1048576', '-e', `trace=${CALLS}`, '-o', traced, process.execPath, program, ...server],
    { stdio: ['ignore', 'ignore', openSync(join(folder, 'log'), 'w')], detached: true },
  )
  const takeBack = atExit(() => process.kill(-(child.pid as number), 'SIGKILL'))
  const port = await until(() => portIn(portFile), PATIENCE_MS, 'starting')
  await Promise.all(Array.from({ length: clients }, (_, client) => talk(port, client, workload)))
  const ended = once(child, 'exit')
  process.kill(Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ')[0]), 'SIGTERM')
  const [code] = await ended
  takeBack()
  if (code !== 0) throw new Error(`the server ended with ${code}: ${readFileSync(join(folder, 'log'), 'utf8')}`)
  const content = readFileSync(file)
  return { events: eventsIn(readFileSync(traced, 'latin1'), content.length), content }
}
