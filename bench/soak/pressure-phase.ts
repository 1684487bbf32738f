/** The phase without a server: a program that forks by hand while it allocates. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { atExit } from '../lib/cleanup.js'
import { type PhaseResult, timing } from './phase.js'

const program = fileURLToPath(new URL('pressure.js', import.meta.url))

interface Report {
  forked: number
  reaped: number
  hung: number
  failures: string[]
  forkMs: number[]
}

const HUNG = /^hung/

interface Ended {
  status: number | NodeJS.Signals
  stdout: string
  stderr: string
}

async function run(count: number): Promise<Ended> {
  const child = spawn(process.execPath, [program, String(count)], { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  // its children too, should it hang
  const kill = (): void =>
    void (child.exitCode === null && child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'))
  const takeBack = atExit(kill)
  const deadline = setTimeout(kill, 60_000 + count * 1000)
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ])
  clearTimeout(deadline)
  takeBack()
  return { status: code ?? signal, stdout, stderr }
}

/** Latencies are those of `fork()` itself. */
export async function runPressure(count: number): Promise<PhaseResult> {
  const started = performance.now()
  const { status, stdout, stderr } = await run(count)
  const seconds = (performance.now() - started) / 1000
  const trouble = [...(status === 0 ? [] : [`the program ended with ${status}`]), ...stderr.split('\n').filter(Boolean)]
  const report = JSON.parse(stdout.trim().split('\n').at(-1) || '{}') as Partial<Report>
  const { forked = 0, reaped = 0, failures = [], forkMs = [] } = report
  if (forked !== count || reaped !== count) trouble.push(`${count} forks, but forked ${forked}, reaped ${reaped}`)
  return {
    phase: 'fork() under allocation pressure',
    connections: 0,
    processes: forked,
    seconds,
    ...timing(forkMs),
    wrong: [],
    crashed: failures.filter((line) => !HUNG.test(line)),
    hung: failures.filter((line) => HUNG.test(line)),
    zombies: 0,
    leaked: [],
    trouble,
  }
}
