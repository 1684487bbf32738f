/** Makes a supervisor of a freshly forked process. */
import { inspect } from 'node:util'
import type { Compilable } from '../engine/compile.js'
import { complain, exitAtOnce } from '../engine/ending.js'
import { renewIdentity } from '../engine/identity.js'
import { openTitle, setTitle } from '../engine/title.js'
import { type Run, runs, stillLoop } from '../fork/descriptors.js'
import { SIGKILL } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { _exit, getpid, lightFork, rawFork, setChildSubreaper, setName, setpgid } from '../libc/process.js'
import { type SigSet, signalfd, signalMask, sigset, sigsetMembers } from '../libc/signal.js'
import { openPager } from '../speed/freeze.js'
import { useHugeText } from '../speed/huge-text.js'
import { rehearseSupervision } from '../speed/rehearsal.js'
import { Stage } from '../speed/stage.js'
import { settleMemory, warmUp } from '../speed/warm-up.js'
import { sendLine } from './channel.js'
import { EXIT } from './exit-status.js'
import type { SupervisorBirth } from './launcher.js'
import { createLog, type Log } from './log.js'
import { descriptorsOf, type ForkedConnection, type Listening, type SupervisorPlan, type TrafficCount } from './plan.js'
import type { Service } from './services.js'
import { forgetListeners, managedSignals } from './signals.js'
import { Supervisor } from './supervisor.js'

/** What a model knows of the server it wants supervised. */
export interface Supervised {
  listening: readonly Listening[]
  maxConnections: number
  drainTimeoutMs: number
  log: Log
  /** Called in the supervisor before anything is forked from it: opens what its children share. */
  prepare(): Prepared
  /** Called when rehearsals are over. */
  rehearsed(): void
}

export interface Prepared {
  services: readonly Service[]
  closeInConnections: readonly number[]
  /** For a model whose workers accept. */
  workers?: {
    traffic: TrafficCount
    /** Signals that they are forked with blocked, to take them when they are ready for them. */
    signals: readonly number[]
  }
}

/** A model in which the supervisor accepts, and forks for each connection. */
export interface SupervisedForking extends Supervised {
  /** Whether a connection process goes on in Node's event loop. */
  revives: boolean
  /** In a rehearsal: acts once the connection that is played waits for its client. */
  whileWaiting(act: () => void): void
  /** What a client may send in a rehearsal; undefined when the handler is not to be run. */
  rehearsal: Uint8Array | undefined
  /** What runs for every connection in its process. */
  hot: readonly Compilable[]
  /** Of these, what the others are called by. */
  roots: readonly Compilable[]
  /** Called in a connection process, with what is not its own. Returns its exit status, or what to do in Node's loop. */
  connection(forked: ForkedConnection, foreign: Foreign): number | (() => void)
}

/** What a connection process has to let go of. */
export interface Foreign {
  descriptors: readonly Run[]
  mask: SupervisorBirth['mask']
  /** What the kernel sends it when the supervisor dies. */
  deathSignal: number
  /** The supervisor. */
  parent: number
}

/** What a rehearsal does with a client when the handler must not be run. */
function hangUp({ fd }: ForkedConnection): number {
  close(fd)
  return 0
}

/** Closed in a rehearsal: a descriptor that is never open. */
const NOTHING: readonly Run[] = [[2_000_000_000, 2_000_000_000]]

/**
 * Runs the supervisor; returns only in a connection process that goes on in Node's event loop. Never throws: the stack
 * above is a copy of the launcher's, and its handlers are not for errors of this process.
 */
export function supervise(birth: SupervisorBirth, server: Supervised | SupervisedForking): void {
  const pid = getpid()
  exitAtOnce()
  let supervisor: Supervisor | undefined
  try {
    supervisor = begin(birth, server)
    supervisor.run()()
  } catch (error) {
    if (getpid() !== pid) {
      complain(`tined: a process could not be set up: ${inspect(error)}`)
      _exit(EXIT.setup)
    }
    if (supervisor !== undefined) {
      server.log.error({}, `the supervisor failed: ${inspect(error)}`)
      supervisor.abandon(EXIT.crashed)
    }
    const message = error instanceof Error ? error.message : String(error)
    sendLine(birth.control, { type: 'failed', message, exitCode: EXIT.system })
    _exit(EXIT.setup)
  }
}

function begin(birth: SupervisorBirth, server: Supervised | SupervisedForking): Supervisor {
  const forking = 'connection' in server ? server : undefined
  setpgid(0, 0) // a terminal's Ctrl-C goes to the launcher alone, which passes it on
  setChildSubreaper()
  renewIdentity(false)
  openTitle()
  // once for all that are forked from here: what tells them apart is the title
  setName('tined')
  setTitle('tined: supervisor')
  const signals = signalfd(sigset(managedSignals))
  const pager = openPager()
  const doors = descriptorsOf(server.listening)
  const others = [birth.control, signals, ...(pager === undefined ? [] : [pager])]
  const mine = [...others, ...doors]
  stillLoop(birth.launcher, mine)
  forgetListeners()
  // after the loop is stilled, which would take the application's pipes for its own
  const { services, closeInConnections, workers } = server.prepare()
  const foreignFor = (descriptors: readonly Run[], mask: SigSet, deathSignal: number, parent: number): Foreign => ({
    descriptors,
    mask,
    deathSignal,
    parent,
  })
  const foreign = foreignFor(runs([...mine, ...closeInConnections]), birth.mask, SIGKILL, getpid())
  const inPlay = foreignFor(NOTHING, signalMask(), 0, birth.launcher)
  const quiet = createLog('silent', 'json')
  const stage = new Stage(forking?.revives === false ? lightFork : rawFork)
  const connection =
    forking === undefined
      ? hangUp
      : (forked: ForkedConnection): number | (() => void) =>
          forking.connection(forked, stage.play > 0 ? inPlay : foreign)
  const workerMask = sigset([...sigsetMembers(birth.mask), ...(workers?.signals ?? [])])
  // one literal for the rehearsal's plan and the real one: code that V8 has optimised for a shape is of no use to another
  const planFor = (control: number, listening: readonly Listening[], rehearsed: boolean): SupervisorPlan => ({
    control,
    signals,
    listening,
    lent: forking === undefined ? doors : [],
    traffic: workers?.traffic,
    maxConnections: server.maxConnections,
    drainTimeoutMs: server.drainTimeoutMs,
    services: rehearsed ? services : [],
    serviceSettlement: { close: runs(mine), mask: birth.mask, deathSignal: 0 },
    workerSettlement: { close: runs(others), mask: workerMask, deathSignal: SIGKILL },
    stage,
    connection: rehearsed || forking?.rehearsal !== undefined ? connection : hangUp,
    log: rehearsed ? server.log : quiet,
  })
  if (forking !== undefined) {
    const [first] = server.listening
    const rehearse = (rounds: number): void => rehearseSupervision(planFor, first?.address, forking, rounds)
    warmUp(rehearse, [...forking.hot, connection], [...forking.roots, connection])
  } else useHugeText() // a worker comes back from the kernel to cold caches at every message
  server.rehearsed()
  setTitle('tined: supervisor')
  // before memory is settled, so that what it is made of has its place then
  const supervisor = new Supervisor(planFor(birth.control, forking === undefined ? [] : server.listening, true))
  if (forking !== undefined) settleMemory()
  return supervisor
}
