/** What /proc says of one process. proc_pid_stat(5), proc_pid_status(5), proc_pid_smaps(5) */
import { readFileSync } from 'node:fs'
import { type Refused, readFileOf } from './read.js'

/** States in words, by their letters. */
const STATES = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for disk',
  T: 'stopped',
  t: 'traced',
  Z: 'zombie',
  X: 'dead',
  I: 'idle',
} as const
export type State = (typeof STATES)[keyof typeof STATES] | 'unknown'

/** In /proc this is 100 on every Linux that Node runs on. sysconf(3) */
const TICKS_PER_S = 100
const BYTES_PER_KB = 1024

export interface Stat {
  name: string
  state: State
  parent: number
  cpuMs: number
  /** Of its children that it has reaped, and theirs. */
  reapedCpuMs: number
  /** Since the machine was started. */
  startedMs: number
}

/** @param line of /proc/PID/stat; the name may hold parentheses and blanks */
export function parseStat(line: string): Stat {
  const nameEnd = line.lastIndexOf(')')
  const fields = line.slice(nameEnd + 2).split(' ')
  const ms = (place: number): number => (Number(fields[place]) * 1000) / TICKS_PER_S
  return {
    name: line.slice(line.indexOf('(') + 1, nameEnd),
    state: STATES[fields[0] as keyof typeof STATES] ?? 'unknown',
    parent: Number(fields[1]),
    cpuMs: ms(11) + ms(12),
    reapedCpuMs: ms(13) + ms(14),
    startedMs: ms(19),
  }
}

export interface Status {
  /** The pid as the process itself knows it, in its own namespace. */
  innerPid: number | undefined
  rssBytes: number
  /** Written by it, or shared with who forked it until one of them writes. */
  anonymousBytes: number
  /** Signals that are on their way to it: sent, and not yet taken, because it blocks them or has not run since. */
  pendingSignals: number[]
}

/** @param mask of /proc/PID/status: `0000000000004000` is SIGTERM */
export function signalsIn(mask: string | undefined): number[] {
  if (mask === undefined || /^0*$/.test(mask)) return []
  const bits = BigInt(`0x${mask}`)
  return Array.from({ length: 64 }, (_, place) => place + 1).filter((signal) => (bits >> BigInt(signal - 1)) & 1n)
}

/** @param text of /proc/PID/status */
export function parseStatus(text: string): Status {
  const field = (name: string): string | undefined => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1]
  const bytes = (name: string): number => Number.parseInt(field(name) ?? '0', 10) * BYTES_PER_KB
  const pids = field('NSpid')?.split(/\s+/)
  return {
    innerPid: pids === undefined ? undefined : Number(pids.at(-1)),
    rssBytes: bytes('VmRSS'),
    anonymousBytes: bytes('RssAnon'),
    pendingSignals: signalsIn(field('ShdPnd')).concat(signalsIn(field('SigPnd'))),
  }
}

export interface Memory {
  /** Shared pages divided among those that share them. */
  pssBytes: number
  /** Its own alone: copied when it was written to, since the fork. */
  ownBytes: number
}

/** @param text of /proc/PID/smaps_rollup */
export function parseRollup(text: string): Memory | undefined {
  const bytes = (name: string): number | undefined => {
    const kb = new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text)?.[1]
    return kb === undefined ? undefined : Number(kb) * BYTES_PER_KB
  }
  const [pssBytes, ownBytes] = [bytes('Pss'), bytes('Private_Dirty')]
  return pssBytes === undefined || ownBytes === undefined ? undefined : { pssBytes, ownBytes }
}

export interface ProcessFacts extends Stat, Status {
  pid: number
  innerPid: number
  /** Since 1970. */
  startedMs: number
  /** Its arguments, or what it has written over them: any bytes. */
  title: string
}

/** When the machine was started, in milliseconds since 1970. */
export const bootMs = (): number => Date.now() - Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1000

export function statOf(pid: number, refused: Refused): Stat | undefined {
  const line = readFileOf(pid, 'stat', refused)
  return line === undefined ? undefined : parseStat(line)
}

/** undefined when it has ended meanwhile. */
export function factsOf(pid: number, boot: number, refused: Refused): ProcessFacts | undefined {
  const stat = statOf(pid, refused)
  const text = readFileOf(pid, 'status', refused)
  if (stat === undefined || text === undefined) return undefined
  const status = parseStatus(text)
  const title = (readFileOf(pid, 'cmdline', refused) ?? '').replaceAll('\0', ' ').trim()
  return { ...stat, ...status, pid, innerPid: status.innerPid ?? pid, startedMs: boot + stat.startedMs, title }
}

/** The kernel adds it up page by page. undefined for a zombie, and where it may not be read. */
export const memoryOf = (pid: number, refused: Refused): Memory | undefined =>
  parseRollup(readFileOf(pid, 'smaps_rollup', refused) ?? '')
