/**
 * Forks by hand while this process allocates: `pressure.js COUNT`. 20 MB of live objects are replaced bit by bit, so
 * that V8 has always something to mark, sweep and move. Children do a work, check it, and end in different ways.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { fork } from 'tined'
import { kill, SIGKILL, WNOHANG, waitpid } from 'tined/posix'
import { describeExit } from '../../src/supervisor/exit-status.js'
import { works } from './work.js'

const count = Number(process.argv[2])
const AT_ONCE = 4
const DEADLINE_MS = 20_000
/** Live objects, and how many of them are replaced between two forks. */
const LIVE = 50_000
const REPLACED = 15_000

const names = Object.keys(works)
const live: unknown[] = []
let churned = 0

function churn(objects: number): void {
  for (let round = 0; round < objects; round++) {
    const index = (churned * 7919) % LIVE
    const before = new WeakRef((live[index] ?? live) as object)
    live[index] = { churned, text: `object ${churned}`, list: [churned, { churned }], before }
    if (churned % 1000 === 0) live[index] = new Array(20_000).fill(churned)
    churned++
  }
}

const question = (index: number): [string, number] => [names[index % names.length] as string, index % 20]
const expected = new Map<string, string>()
for (let index = 0; index < names.length * 20; index++) {
  const [name, seed] = question(index)
  expected.set(`${name} ${seed}`, works[name]?.(seed) ?? '')
}

async function child(index: number): Promise<void> {
  const [name, seed] = question(index)
  if (works[name]?.(seed) !== expected.get(`${name} ${seed}`)) process.exit(90)
  if (index % 3 === 0) process.exit(0)
  if (index % 3 === 1) await sleep(1)
  // otherwise it ends with its loop
}

interface Running {
  index: number
  deadline: number
}
const running = new Map<number, Running>()
const failures: string[] = []
const forkMs: number[] = []
let forked = 0
let reaped = 0
let hung = 0

function reap(): void {
  for (const [pid, { index, deadline }] of running) {
    const waited = waitpid(pid, WNOHANG)
    if (waited === undefined && performance.now() > deadline) {
      hung++
      failures.push(`hung: ${question(index).join(' ')}`)
      kill(pid, SIGKILL)
      waitpid(pid)
    } else if (waited === undefined) continue
    else if (waited.status !== 0) failures.push(`${describeExit(waited.status)}: ${question(index).join(' ')}`)
    running.delete(pid)
    reaped++
  }
}

function report(): void {
  process.stdout.write(`${JSON.stringify({ forked, reaped, hung, failures, forkMs })}\n`)
}

function turn(): void {
  reap()
  churn(running.size < AT_ONCE && forked < count ? REPLACED : 500)
  if (running.size < AT_ONCE && forked < count) {
    const index = forked++
    const started = performance.now()
    const pid = fork()
    if (pid === 0) return void child(index)
    forkMs.push(performance.now() - started)
    running.set(pid, { index, deadline: performance.now() + DEADLINE_MS })
  }
  if (forked < count || running.size > 0) setImmediate(turn)
  else report()
}

churn(LIVE)
setImmediate(turn)
