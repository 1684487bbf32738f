import { inWords, type Machine } from '../lib/machine.js'
import { markdownTable, type Row } from '../lib/table.js'
import type { PhaseResult } from './phase.js'

export interface NodeResult {
  node: string
  phases: PhaseResult[]
  /** What kept the phases from being run to their end. */
  broken: string[]
}

const heading: Row = [
  'Node, phase',
  'connections',
  'processes',
  'crashed',
  'hung',
  'wrong',
  'zombies',
  'leaked fds',
  'p50 ms',
  'p99 ms',
  'max ms',
  'seconds',
]

const ms = (value: number): string => value.toFixed(0)

const row = (node: string, result: PhaseResult): Row => [
  `${node} ${result.phase}`,
  String(result.connections),
  String(result.processes),
  String(result.crashed.length),
  String(result.hung.length),
  String(result.wrong.length),
  String(result.zombies),
  String(result.leaked.length),
  ms(result.p50Ms),
  ms(result.p99Ms),
  ms(result.maxMs),
  result.seconds.toFixed(0),
]

export const soakTable = (results: readonly NodeResult[]): Row[] => [
  heading,
  ...results.flatMap(({ node, phases }) => phases.map((phase) => row(node, phase))),
]

/** Everything that is not as it should be, a line each. */
export function complaintsOf({ node, phases, broken }: NodeResult): string[] {
  const inPhases = phases.flatMap(({ phase, wrong, crashed, hung, zombies, leaked, trouble }) => [
    ...wrong.map((what) => `${phase}: wrong answer: ${what}`),
    ...crashed.map((what) => `${phase}: crashed: ${what}`),
    ...hung.map((what) => `${phase}: hung: ${what}`),
    ...(zombies > 0 ? [`${phase}: ${zombies} zombies`] : []),
    ...leaked.map((what) => `${phase}: leaked: ${what}`),
    ...trouble.map((what) => `${phase}: ${what}`),
  ])
  return [...inPhases, ...broken].map((what) => `Node ${node}: ${what}`)
}

export const method =
  '20 connections at a time, each in a process of its own, and in the phases with reuse in workers of up to 100. It does one of nine works (allocation, JSON, regular expressions, ' +
  'Map, BigInt, Intl, exceptions and stack overflow, WeakRef, code that is optimised and deoptimised), or with a function as ' +
  'handler one of thirteen (promises, timers, thread pool, WebCrypto besides: what makes its process a whole Node), and its answer is checked. The last phase of ' +
  'each Node forks by hand in a program that allocates without pause; its milliseconds are those of `fork()`. ' +
  'Descriptors of launcher and supervisor are compared before and after, and every process forked has to be reaped.'

export function soakPage(results: readonly NodeResult[], machine: Machine, connections: number): string {
  const complaints = results.flatMap(complaintsOf)
  const verdict =
    complaints.length === 0 ? 'Nothing crashed, hung, leaked or was left behind.' : complaints.join('\n- ')
  return [
    '# Soak',
    `${inWords(machine).replace(/, Node .*/, '')}. ${connections.toLocaleString('en')} connections on each Node, and forks by hand. \`npm run soak\``,
    method,
    markdownTable(soakTable(results)),
    complaints.length === 0 ? verdict : `- ${verdict}`,
    '',
  ].join('\n\n')
}
