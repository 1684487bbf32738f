/** The table of `tined ps`. */
import { printable } from '../../libc/printable.js'
import type { ProcessView, ServerView } from '../../observe/server-view.js'
import type { Finding } from '../../observe/warnings.js'
import { aligned, type Column } from './columns.js'
import { lastEnds } from './last-ends.js'
import type { Selection } from './selection.js'
import { cpuTime, plural, size, time } from './words.js'

const CLIENT = 3
const columnsOf = (isServer: boolean): Column[] => [
  { title: 'ROLE' },
  { title: 'PID', right: true },
  { title: 'STATE' },
  { title: isServer ? 'CLIENT' : 'COMMAND' },
  { title: 'AGE', right: true },
  ...(isServer ? (['IN', 'OUT', 'MSGS'] as const).map((title) => ({ title, right: true as const })) : []),
  ...(['CPU', 'RSS', 'PSS', 'OWN'] as const).map((title) => ({ title, right: true as const })),
]

export function nameOf({ role, id, name }: ProcessView): string {
  if (role === 'program' || role === 'process') return printable(name)
  if (role === 'orphan') return `orphan ${printable(name)}`
  return id === undefined ? role : `${role} #${id}`
}

function clientOf({ role, client, occupation, connections, title }: ProcessView): string {
  if (role === 'process') return printable(title)
  if (client !== undefined) return printable(client)
  if (connections !== undefined) return plural(connections, 'connection')
  return occupation ?? ''
}

const orNothing = (value: number | undefined, words: (value: number) => string): string =>
  value === undefined ? '' : words(value)

function cells(process: ProcessView, isServer: boolean, nowMs: number): string[] {
  const { pid, depth, state, startedMs, bytesRead, bytesWritten, messages, cpuMs, rssBytes, memory } = process
  const isZombie = state === 'zombie'
  return [
    `${'  '.repeat(depth)}${nameOf(process)}`,
    `${pid}`,
    state,
    clientOf(process),
    time(nowMs - startedMs),
    ...(isServer ? [orNothing(bytesRead, size), orNothing(bytesWritten, size), orNothing(messages, count)] : []),
    cpuTime(cpuMs),
    isZombie ? '' : size(rssBytes),
    orNothing(memory?.pssBytes, size),
    orNothing(memory?.ownBytes, size),
  ]
}

/** `999`, `12K`: in steps of 1000, unlike bytes. */
const count = (value: number): string => (value < 10_000 ? `${value}` : `${Math.round(value / 1000)}k`)

function restLine(rest: readonly ProcessView[]): string[] {
  if (rest.length === 0) return []
  const sum = (of: (process: ProcessView) => number | undefined): number =>
    rest.reduce((total, process) => total + (of(process) ?? 0), 0)
  const parts = [
    `${size(sum((process) => process.bytesRead))} in`,
    `${size(sum((process) => process.bytesWritten))} out`,
    `${count(sum((process) => process.messages))} messages`,
    `${cpuTime(sum((process) => process.cpuMs))} CPU`,
    `${size(sum((process) => process.anonymousBytes))} anonymous memory`,
  ]
  return [`  and ${rest.length} more (--all): ${parts.join(', ')}`]
}

function headline({ listening, supervisor, processes, boardless }: ServerView): string {
  if (supervisor === undefined) return 'no server of Tined: what /proc says'
  const serving = processes.filter(
    ({ role }) => role === 'connection' || role === 'worker' || role === 'prefork' || role === 'single',
  )
  const connections = serving.reduce(
    (sum, { connections, occupation }) =>
      sum + (connections ?? (occupation === undefined || occupation === 'busy' ? 1 : 0)),
    0,
  )
  const where = listening.length === 0 ? 'a server' : listening.map(printable).join(', ')
  return `${where}: ${boardless === undefined ? plural(connections, 'connection') : plural(processes.length, 'process', 'processes')}`
}

/** Says in one line what could not be read, if anything. */
export function unread({ refused, boardless }: Pick<ServerView, 'refused' | 'boardless'>): string[] {
  const lines = boardless === undefined ? [] : [`note: ${boardless}; the table is made of /proc alone`]
  if (refused.size > 0)
    lines.push(`note: another user’s, of which not everything may be read: ${[...refused].join(', ')}`)
  return lines
}

export function tableOf(
  view: ServerView,
  { shown, rest }: Selection,
  warnings: readonly Finding[],
  all: boolean,
  nowMs = Date.now(),
): string[] {
  const isServer = view.supervisor !== undefined
  const rows = shown.map((process) => cells(process, isServer, nowMs))
  return [
    headline(view),
    ...aligned(columnsOf(isServer), rows, CLIENT),
    ...restLine(rest),
    ...lastEnds(view.ends, all, nowMs),
    ...unread(view),
    ...warnings.map(({ text }) => `WARNING: ${printable(text)}`),
  ]
}
