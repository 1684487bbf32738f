/** What a supervisor has, made into the plan that it follows; and what each of its children lets go of. */
import type { ChildSetup } from '../../fork/become-child.js'
import { type Run, runs } from '../../fork/descriptors.js'
import { SIGKILL } from '../../libc/constants.js'
import { close } from '../../libc/fd.js'
import { getpid } from '../../libc/process.js'
import { type SigSet, sigset, sigsetMembers } from '../../libc/signal.js'
import type { SupervisorBirth } from '../launcher/launcher.js'
import type { OomScores } from '../oom-score.js'
import type { ChildChannel, ForkedConnection, SupervisorPlan } from '../plan.js'
import type { Scoreboard } from '../scoreboard.js'
import type { Prepared, Supervised } from '../supervised.js'

/** What is this process's own, and what it has opened for others. */
export interface Belongings {
  birth: SupervisorBirth
  signals: number
  /** For no child at all. */
  others: readonly number[]
  listeners: readonly number[]
  prepared: Prepared
  wayBack: ChildChannel
  introductions: ChildChannel
  board: Scoreboard
  scores: OomScores
}

/** In rehearsals, and where nothing is to be told. */
export const NO_CHANNEL: ChildChannel = { receiver: -1, sender: -1 }
export const isOpen = (fd: number): boolean => fd >= 0

type Own = Pick<
  SupervisorPlan,
  | 'control'
  | 'listening'
  | 'wayBack'
  | 'introductions'
  | 'ahead'
  | 'services'
  | 'processes'
  | 'serve'
  | 'beforeTurn'
  | 'log'
>

/** One literal for the plan of a rehearsal and the real one: code that V8 has optimised for a shape is of no use to another. */
export function planOf(belongings: Belongings, server: Supervised, own: Own): SupervisorPlan {
  const { birth, signals, others, listeners, prepared, board, wayBack, introductions, scores } = belongings
  const { workers } = prepared
  const pipes =
    own.ahead === undefined ? [] : [own.ahead.spares.heard, own.ahead.spares.rope, ...(own.ahead.ends ?? [])]
  return {
    control: own.control,
    signals,
    listening: own.listening,
    wayBack: own.wayBack,
    introductions: own.introductions,
    lent: workers === undefined ? [] : listeners,
    board,
    workersAccept: workers !== undefined,
    ahead: own.ahead,
    watchLimits: server.watchLimits,
    maxConnections: server.maxConnections,
    drainTimeoutMs: server.drainTimeoutMs,
    tellsEnds: server.onConnectionEnd !== undefined && own.control === birth.control,
    family: own.control === birth.control ? prepared.family : undefined,
    services: own.services,
    serviceSetup: setupOf(
      runs([...others, ...listeners, ...pipes, ...[wayBack.sender, introductions.sender].filter(isOpen)]),
      birth.mask,
      undefined,
      0,
    ),
    workerSetup: setupOf(runs(others), maskOf(belongings), scores.serving),
    processes: own.processes,
    serve: own.serve,
    beforeTurn: own.beforeTurn,
    log: own.log,
  }
}

/** The signal mask of workers. */
export const maskOf = ({ birth, prepared }: Belongings): SigSet =>
  sigset([...sigsetMembers(birth.mask), ...(prepared.workers?.signals ?? [])])

/** What a child of this process lets go of; it dies with its parent. */
export const setupOf = (
  close: Run[],
  mask: SigSet,
  oomScore: Uint8Array | undefined,
  deathSignal = SIGKILL,
  parent = getpid(),
): ChildSetup => ({
  close,
  mask,
  deathSignal,
  oomScore,
  parent,
})

/** What a rehearsal does with a client when the handler must not be run. */
export function hangUp({ fd }: ForkedConnection): number {
  close(fd)
  return 0
}

/** Closed in a rehearsal: a descriptor that is never open. */
export const NOTHING: Run[] = [[2_000_000_000, 2_000_000_000]]
