/** The phase without a server: a program that forks by hand while it allocates. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
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

/** Latencies are those of `fork()` itself. */
export function runPressure(count: number): PhaseResult {
  const started = performance.now()
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program, String(count)], {
    encoding: 'utf8',
    timeout: 60_000 + count * 500,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
  })
  const seconds = (performance.now() - started) / 1000
  const trouble = [
    ...(status === 0 ? [] : [`the program ended with ${signal ?? status}`]),
    ...stderr.split('\n').filter(Boolean),
  ]
  const report = JSON.parse(stdout.trim().split('\n').at(-1) || '{}') as Partial<Report>
  const { forked = 0, reaped = 0, failures = [], forkMs = [] } = report
  if (forked !== count || reaped !== count) trouble.push(`${count} forks, but forked ${forked}, reaped ${reaped}`)
  return {
    phase: 'fork() under allocation pressure',
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
