/** Makes a supervisor of a freshly forked process. */
import { setChildSubreaper, setpgid } from '../posix/process.js'
import { signalfd, sigset } from '../posix/signal.js'
import { uv_loop_fork } from '../posix/uv.js'
import { closeAll, loopDescriptors, type Run, runs } from './descriptors.js'
import { renewIdentity } from './identity.js'
import type { SupervisorBirth } from './launcher.js'
import type { Log } from './log.js'
import type { Service } from './services.js'
import { managedSignals } from './signals.js'
import { Supervisor } from './supervisor.js'
import type { ForkedConnection, Listening } from './supervisor-plan.js'

/** What a model knows of the server it wants supervised. */
export interface Supervised {
  listening: readonly Listening[]
  maxConnections: number
  drainTimeoutMs: number
  log: Log
  /** Called in the supervisor before anything is forked from it: opens what its children share. */
  prepare(): { services: readonly Service[]; closeInConnections: readonly number[] }
  /** Called in the supervisor last: runs the code of connection processes once, so that it is compiled in all of them. */
  rehearse(): void
  /** Called in a connection process, with what is not its own. Returns what to do in Node's loop, or never. */
  connection(forked: ForkedConnection, foreign: Foreign): () => void
}

/** What a connection process has to let go of. */
export interface Foreign {
  /** For a process that revives Node's loop. */
  descriptors: readonly Run[]
  /** For one that never uses it. */
  withLoop: readonly Run[]
  mask: SupervisorBirth['mask']
}

/** Runs the supervisor; returns only in a connection process that goes on in Node's event loop. */
export function supervise(birth: SupervisorBirth, server: Supervised): void {
  setpgid(0, 0) // a terminal's Ctrl-C goes to the launcher alone, which passes it on
  setChildSubreaper()
  renewIdentity(false)
  process.title = 'tined: supervisor'
  uv_loop_fork()
  const { services, closeInConnections } = server.prepare()
  const signals = signalfd(sigset(managedSignals))
  const mine = [birth.control, signals, ...server.listening.map(({ fd }) => fd)]
  const loop = loopDescriptors(birth.launcher, mine)
  closeAll(loop.foreign)
  const foreign: Foreign = {
    descriptors: runs([...mine, ...closeInConnections]),
    withLoop: runs([...mine, ...closeInConnections, ...loop.own]),
    mask: birth.mask,
  }
  server.rehearse()
  const supervisor = new Supervisor({
    control: birth.control,
    signals,
    listening: server.listening,
    maxConnections: server.maxConnections,
    drainTimeoutMs: server.drainTimeoutMs,
    services,
    serviceSettlement: { close: runs([...mine, ...loop.own]), mask: birth.mask, deathSignal: 0 },
    connection: (forked) => server.connection(forked, foreign),
    log: server.log,
  })
  supervisor.run()()
}
