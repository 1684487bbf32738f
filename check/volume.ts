// Ten million messages in, read back, and verified; the memory of every process of the server stays as it was. `-- --messages 200000` for less.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judge } from '../bench/lib/claims.js'
import { atExit } from '../bench/lib/cleanup.js'
import { root, tinedProgram } from '../bench/lib/paths.js'
import { startServer } from '../bench/lib/run-server.js'
import { usual } from '../bench/lib/server-spec.js'
import { textTable } from '../bench/lib/table.js'
import { models } from '../src/server/models/index.js'
import type { Conversation } from './chaos/lines.js'
import { holdAgainst } from './chaos/stored.js'
import { saveResults } from './save-results.js'
import { framings, sendLines } from './volume/client.js'
import { ownerOf } from './volume/lines.js'
import { MemoryBook, peakMegabytes } from './volume/memory.js'
import { claimsOf, inBrief, page, table, type Volume } from './volume/report.js'

const WHOLE = 10_000_000
const LOOKS = 100
const LOOK_MS = 100

const { values: flags } = parseArgs({
  options: {
    messages: { type: 'string', default: `${WHOLE}` },
    clients: { type: 'string', default: '50' },
    model: { type: 'string', default: 'multiplex' },
    framing: { type: 'string', default: 'line' },
  },
})
const { model } = flags
if (!(model in models)) throw new RangeError(`--model: expected one of ${Object.keys(models)}, got ${model}`)
for (const name of ['messages', 'clients'] as const)
  if (!/^[1-9]\d*$/.test(flags[name])) throw new RangeError(`--${name}: expected a number from 1, got ${flags[name]}`)
const { framing } = flags
if (framing !== 'line' && framing !== 'length')
  throw new RangeError(`--framing: expected line or length, got ${framing}`)
const clients = Number(flags.clients)
const each = Math.ceil(Number(flags.messages) / clients)
const messages = each * clients

const results = join(root, 'check/results')
mkdirSync(results, { recursive: true })
// not in /tmp, which may be memory
const folder = mkdtempSync(join(results, 'volume-'))
atExit(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'messages.ndjson')

const server = await startServer(
  {
    ...{ ...usual, name: 'store', role: 'tined', command: process.execPath, ready: 'port-file' },
    missing: () => undefined,
    args: ({ portFile }) => [
      ...[tinedProgram, 'store', '--model', model, '--framing', framing, '--to', file],
      ...['--listen', '127.0.0.1:0', '--port-file', portFile, '--log-level', 'warn'],
    ],
  },
  folder,
  [],
)

const memory = new MemoryBook()
let stored = 0
function acknowledged(lines: number): void {
  const before = Math.floor((stored * LOOKS) / messages)
  stored += lines
  const now = Math.floor((stored * LOOKS) / messages)
  if (now === before) return
  memory.look(server.leader.pid)
  if (now % 10 === 0) console.log(`${now} %: ${stored.toLocaleString('en')} messages`)
}

const conversations: Conversation[] = Array.from({ length: clients }, (_, index) => ({
  ...{ name: `client-${index}`, sent: 0, echoed: 0 },
}))
const beganMs = performance.now()
await Promise.all(
  conversations.map((conversation) => sendLines(server.port, conversation, each, framings[framing], acknowledged)),
)
const seconds = (performance.now() - beganMs) / 1000
await server.stop()

console.log('read back')
const findings = await holdAgainst(file, conversations, ownerOf)
const verified = await verify()

async function verify(): Promise<Volume['verified']> {
  const child = spawn(process.execPath, [tinedProgram, 'store', 'verify', file, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  let peak = 0
  const looking = setInterval(() => {
    peak = Math.max(peak, peakMegabytes(child.pid as number) ?? 0)
  }, LOOK_MS)
  await once(child, 'close')
  clearInterval(looking)
  return { ...(JSON.parse(said) as Pick<Volume['verified'], 'messages' | 'faults'>), peakMegabytes: peak }
}

const volume: Volume = {
  ...{ model, framing, clients, messages, seconds, fileBytes: statSync(file).size },
  ...{ samples: memory.samples, findings, verified },
}
console.log(`\n${inBrief(volume)}\n\n${textTable(table(volume))}\n`)
for (const words of [...findings.lost, ...findings.twice, ...findings.wrong].slice(0, 5)) console.log(words)
if (messages >= WHOLE && framing === 'line') saveResults('volume', (machine) => page(volume, machine), { ...volume })
judge(claimsOf(volume))
