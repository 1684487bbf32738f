/** What is done to a server: a sequence that its seed decides, whatever the server does meanwhile. */
import { createHash } from 'node:crypto'
import { seeded } from '../../test/harness/seeded.js'

export const ROLES = ['launcher', 'supervisor', 'connection', 'worker', 'writer', 'forwarder'] as const
export const SIGNALS = ['KILL', 'STOP', 'CONT', 'TERM'] as const

export type Role = (typeof ROLES)[number]
export type SignalName = (typeof SIGNALS)[number]

export type Decision =
  /** No signal until each client has had an answer. */
  | { pauseMs: number; calm: true }
  | {
      pauseMs: number
      calm: false
      signal: SignalName
      role: Role
      /** Which of those in that role: from 0 to 1. */
      which: number
      /** When it is STOP. */
      stoppedMs: number
    }

/** Numbers from 0 to 1 that the seed decides. */
export const randomFrom = (seed: string): (() => number) =>
  seeded(createHash('sha256').update(seed).digest().readUInt32LE())

/** Of a hundred. */
const ROLE_WEIGHTS: Record<Role, number> = {
  ...{ launcher: 5, supervisor: 4, connection: 36 },
  ...{ worker: 25, writer: 30, forwarder: 0 },
}
/** The same where there is a forwarder. */
const STREAM_WEIGHTS: Record<Role, number> = { ...ROLE_WEIGHTS, connection: 26, worker: 15, forwarder: 20 }
const SIGNAL_WEIGHTS: Record<SignalName, number> = { KILL: 36, STOP: 34, CONT: 8, TERM: 22 }

function pick<Name extends string>(names: readonly Name[], weights: Record<Name, number>, at: number): Name {
  let left = at * 100
  for (const name of names) {
    left -= weights[name]
    if (left < 0) return name
  }
  return names.at(-1) as Name
}

const CALM = 0.06
/** Between kills. */
const HURRY = 3
/** Signals that come together meet what one alone does not. */
const TOGETHER = 0.3

function pauseMs(how: number, random: number): number {
  return how < TOGETHER ? random * 5 : 10 + random * random * 350
}

/** Mostly for moments, now and then for seconds, longer than anybody here waits for anybody. */
function stoppedMs(how: number, random: number): number {
  if (how < 0.7) return 1 + random * 100
  return how < 0.95 ? 100 + random * 1000 : 2000 + random * 5000
}

/** Launcher and supervisor look after each other: what happens to both at once is of interest. */
const BOTH = 0.5
const OTHER: Partial<Record<Role, Role>> = { launcher: 'supervisor', supervisor: 'launcher' }

/**
 * @param killsOnly nothing but KILL, and more often
 * @param streams whether there is a forwarder
 */
export function* decisions(seed: string, killsOnly = false, streams = false): Generator<Decision, never> {
  const random = randomFrom(seed)
  let lastRole: Role = 'connection'
  for (;;) {
    // as many draws for each, so that a change of weights changes little else
    const [calm, how, pause, role, signal, which, howLong, long] = Array.from({ length: 8 }, random) as [
      ...[number, number, number, number, number, number, number, number],
    ]
    if (calm < CALM) {
      yield { pauseMs: 0, calm: true }
      continue
    }
    const other: Role | undefined = how < TOGETHER && role < BOTH ? OTHER[lastRole] : undefined
    lastRole = other ?? pick(ROLES, streams ? STREAM_WEIGHTS : ROLE_WEIGHTS, role)
    yield {
      pauseMs: pauseMs(how, pause) / (killsOnly ? HURRY : 1),
      calm: false,
      signal: killsOnly ? 'KILL' : pick(SIGNALS, SIGNAL_WEIGHTS, signal),
      role: lastRole,
      which,
      stoppedMs: stoppedMs(howLong, long),
    }
  }
}
