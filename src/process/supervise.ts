/** Makes a supervisor of a freshly forked process. */
import { inspect } from 'node:util'
import { SIGKILL } from '../posix/constants.js'
import { _exit, getpid, lightFork, rawFork, setChildSubreaper, setpgid } from '../posix/process.js'
import { signalfd, signalMask, sigset } from '../posix/signal.js'
import { keepCompiled } from '../posix/v8-threads.js'
import { sendLine } from './channel.js'
import { type Run, runs, stillLoop } from './descriptors.js'
import { complain, exitAtOnce } from './ending.js'
import { EXIT } from './exit-words.js'
import { freezeMemory } from './freeze.js'
import { gatherHeap } from './gather.js'
import { useHugeText } from './huge-text.js'
import { renewIdentity } from './identity.js'
import type { SupervisorBirth } from './launcher.js'
import type { Log } from './log.js'
import type { Service } from './services.js'
import { forgetListeners, managedSignals } from './signals.js'
import { Supervisor } from './supervisor.js'
import type { ForkedConnection, Listening } from './supervisor-plan.js'

/** What a model knows of the server it wants supervised. */
export interface Supervised {
  listening: readonly Listening[]
  maxConnections: number
  drainTimeoutMs: number
  log: Log
  /** Whether a connection process goes on in Node's event loop. */
  revives: boolean
  /** Called in the supervisor before anything is forked from it: opens what its children share. */
  prepare(): { services: readonly Service[]; closeInConnections: readonly number[] }
  /** Called in the supervisor last: runs `connection` as a connection process would, so that it is compiled in all of them. */
  rehearse(connection: (forked: ForkedConnection) => unknown): void
  /** Called in a connection process, with what is not its own. Returns its exit status, or what to do in Node's loop. */
  connection(forked: ForkedConnection, foreign: Foreign): number | (() => void)
}

/** What a connection process has to let go of. */
export interface Foreign {
  descriptors: readonly Run[]
  mask: SupervisorBirth['mask']
  /** What the kernel sends it when the supervisor dies. */
  deathSignal: number
}

/** Closed in a rehearsal: a descriptor that is never open. */
const NOTHING: readonly Run[] = [[2_000_000_000, 2_000_000_000]]

/**
 * Runs the supervisor; returns only in a connection process that goes on in Node's event loop. Never throws: the stack
 * above is a copy of the launcher's, and its handlers are not for errors of this process.
 */
export function supervise(birth: SupervisorBirth, server: Supervised): void {
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

function begin(birth: SupervisorBirth, server: Supervised): Supervisor {
  setpgid(0, 0) // a terminal's Ctrl-C goes to the launcher alone, which passes it on
  setChildSubreaper()
  renewIdentity(false)
  process.title = 'tined: supervisor'
  const signals = signalfd(sigset(managedSignals))
  const mine = [birth.control, signals, ...server.listening.map(({ fd }) => fd)]
  stillLoop(birth.launcher, mine)
  forgetListeners()
  // after the loop is stilled, which would take the application's pipes for its own
  const { services, closeInConnections } = server.prepare()
  const foreign: Foreign = {
    descriptors: runs([...mine, ...closeInConnections]),
    mask: birth.mask,
    deathSignal: SIGKILL,
  }
  keepCompiled()
  useHugeText()
  gatherHeap()
  let current: Foreign = { descriptors: NOTHING, mask: signalMask(), deathSignal: 0 }
  const connection = (forked: ForkedConnection): number | (() => void) => server.connection(forked, current)
  server.rehearse(connection)
  process.title = 'tined: supervisor'
  current = foreign
  freezeMemory()
  return new Supervisor({
    control: birth.control,
    signals,
    listening: server.listening,
    maxConnections: server.maxConnections,
    drainTimeoutMs: server.drainTimeoutMs,
    services,
    serviceSettlement: { close: runs(mine), mask: birth.mask, deathSignal: 0 },
    fork: server.revives ? rawFork : lightFork,
    connection,
    log: server.log,
  })
}
