/** One phase of the soak: one server, so many connections, and then the accounts. */
import { readFileSync } from 'node:fs'
import type { Stats } from '../../src/supervisor/channel.js'
import { until } from '../lib/deadline.js'
import { readProcess } from '../lib/process-tree.js'
import { askAll, type Outcome, type Question } from './clients.js'
import { held, SoakServer } from './soak-server.js'

export interface PhaseResult {
  phase: string
  connections: number
  processes: number
  seconds: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  wrong: string[]
  crashed: string[]
  hung: string[]
  zombies: number
  leaked: string[]
  /** Whatever else is not as it should be. */
  trouble: string[]
}

export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function timing(values: readonly number[]): Pick<PhaseResult, 'p50Ms' | 'p99Ms' | 'maxMs'> {
  return { p50Ms: quantile(values, 0.5), p99Ms: quantile(values, 0.99), maxMs: quantile(values, 1) }
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number)

const zombiesOf = (pids: readonly number[]): number =>
  pids.flatMap(childrenOf).filter((pid) => readProcess(pid)?.zombie).length

/** Where the processes of a server are, when one of them hangs. */
function describeTree(supervisor: number): string {
  const look = (pid: number, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1').replaceAll('\0', ' ').trim()
    } catch {
      return '?'
    }
  }
  return childrenOf(supervisor)
    .map((pid) => `${pid} (${look(pid, 'cmdline')}) in ${look(pid, 'wchan')}, system call ${look(pid, 'syscall')}`)
    .join('; ')
}

async function settled(server: SoakServer): Promise<Stats> {
  let stats = await server.stats()
  const idle = async (): Promise<true | undefined> => {
    stats = await server.stats()
    return stats.connections === 0 && stats.running === stats.idle ? true : undefined
  }
  await until(idle, 10_000, 'the end of the last connection').catch(() => undefined)
  return stats
}

const isCrash = (line: string): boolean => /(connection|prefork) process (exited|killed|stopped)/.test(line)

export async function runPhase(
  style: string,
  count: number,
  atOnce: number,
  questions: Iterator<Question>,
  scratch: string,
): Promise<PhaseResult> {
  const server = await SoakServer.start(style, scratch)
  const { supervisor } = await server.stats()
  const before = held(server.leader, supervisor)
  const trouble: string[] = []
  const started = performance.now()
  const onHung = (text: string): void => void trouble.push(`${text} hangs; running: ${describeTree(supervisor)}`)
  const outcome: Outcome = await askAll(server.port, questions, atOnce, onHung)
  const seconds = (performance.now() - started) / 1000
  const { accepted, connections, forked, reaped, running, idle } = await settled(server)
  const counts = { accepted, connections, forked, reaped, running, idle }
  if (accepted !== count || connections !== 0 || forked !== reaped + running || running !== idle)
    trouble.push(`${count} connections, but ${JSON.stringify(counts)}`)
  const zombies = zombiesOf([server.leader.pid, supervisor])
  const after = held(server.leader, supervisor)
  const leaked = [
    ...after.filter((line) => !before.includes(line)),
    ...before.filter((line) => !after.includes(line)).map((line) => `${line} is gone`),
  ]
  trouble.push(...(await server.stop()))
  const complaints = server.complaints()
  trouble.push(...complaints.filter((line) => !isCrash(line)))
  const { wrong, hung, latenciesMs } = outcome
  const crashed = complaints.filter(isCrash)
  return {
    phase: style,
    connections: accepted,
    processes: forked,
    seconds,
    ...timing(latenciesMs),
    wrong,
    crashed,
    hung,
    zombies,
    leaked,
    trouble,
  }
}
