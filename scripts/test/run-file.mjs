/** Runs one test file in a process of its own, and kills it with all it started when it takes too long. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { killMarked, marked } from './processes.mjs'

const reporter = fileURLToPath(new URL('events-reporter.mjs', import.meta.url))
/** What a test started may need this long to notice that the test is over. */
const LEAVE_MS = 3000

const reporters = (events) => [
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  `--test-reporter=${reporter}`,
  `--test-reporter-destination=${events}`,
]

async function readOutput(child) {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const closed = once(child, 'close')
  const [code, signal] = await once(child, 'exit')
  // a process left behind may hold the pipes open
  await Promise.race([closed, sleep(LEAVE_MS, undefined, { ref: false })])
  return { code, signal, output }
}

async function leftBehind(mark) {
  const deadline = performance.now() + LEAVE_MS
  let found = marked(mark)
  while (found.length > 0 && performance.now() < deadline) {
    await sleep(50)
    found = marked(mark)
  }
  return found.map(({ pid, command }) => `${pid} ${command}`)
}

function readEvents(file) {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line))
  } catch {
    return [] // killed before it wrote any
  }
}

// nobody outside is asked anything: on Node 20 to read these at each start costs more than all else that Node does then
const { NODE_EXTRA_CA_CERTS: _certificates, ...own } = process.env

/**
 * @param {{ source: string, compiled: string }} file
 * @param {Record<string, string>} environment beside this process's own
 * @param {AbortSignal} signal aborted when the time of the whole run is up
 */
export async function runFile({ source, compiled }, environment, limitMs, signal) {
  const folder = mkdtempSync(join(tmpdir(), 'tined-test-'))
  const events = join(folder, 'events')
  const mark = `TINED_TEST_FILE=${randomUUID()}`
  const [name, value] = mark.split('=')
  const started = performance.now()
  let killed
  const kill = (why) => {
    killed ??= why
    killMarked(mark)
  }
  const timer = setTimeout(() => kill(`hung: killed after ${limitMs / 1000} s`), limitMs)
  const abort = () => kill('killed: the time for all tests is up')
  signal.addEventListener('abort', abort)
  const child = spawn(process.execPath, ['--enable-source-maps', ...reporters(events), compiled], {
    env: { ...own, ...environment, [name]: value },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    const ended = await readOutput(child)
    clearTimeout(timer)
    const left = killed === undefined ? await leftBehind(mark) : []
    killMarked(mark)
    const seconds = (performance.now() - started) / 1000
    return { source, ...ended, killed, left, seconds, events: readEvents(events) }
  } finally {
    signal.removeEventListener('abort', abort)
    rmSync(folder, { recursive: true, force: true })
  }
}
