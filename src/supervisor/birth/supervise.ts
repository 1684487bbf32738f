/** Makes a supervisor of a freshly forked process. */
import { exitAtOnce } from '../../engine/ending.js'
import { renewIdentity } from '../../engine/identity.js'
import { complain } from '../../engine/output/complain.js'
import { takeFsCalls } from '../../engine/output/fs-calls.js'
import { takeStreams } from '../../engine/output/streams.js'
import { describe } from '../../engine/output/words.js'
import { openTitle, setTitle } from '../../engine/title.js'
import { keepDeathSignalInNode } from '../../fork/death-signal.js'
import { stillLoop } from '../../fork/descriptors.js'
import { letGo } from '../../fork/let-go.js'
import { leaveLoaders } from '../../fork/loaders.js'
import { leaveOrphans, reapOrphansOfPrograms } from '../../fork/orphans.js'
import { ignoreUnasked } from '../../fork/unasked-signals.js'
import { SIGCONT } from '../../libc/constants.js'
import { streamDescriptors } from '../../libc/launcher-streams.js'
import { _exit, getpid, setChildSubreaper, setName, setParentDeathSignal, setpgid } from '../../libc/process.js'
import { signalfd, sigset } from '../../libc/signal.js'
import { sendLine } from '../channel.js'
import { openChildChannel } from '../descriptor-inbox.js'
import { EXIT } from '../exit-status.js'
import type { SupervisorBirth } from '../launcher/launcher.js'
import { oomScores } from '../oom-score.js'
import { descriptorsOf } from '../plan.js'
import { Scoreboard } from '../scoreboard.js'
import { forgetListeners, managedSignals } from '../signals.js'
import type { Supervised } from '../supervised.js'
import type { Supervisor } from '../supervisor.js'
import { markTree } from '../tree-mark.js'
import { forClientsToCome } from './ahead-of-clients.js'
import { isOpen, NO_CHANNEL } from './belongings.js'
import { forConnections } from './for-connections.js'
import { forWorkers } from './for-workers.js'

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
    supervisor.run(WITHOUT_END)?.()
  } catch (error) {
    if (getpid() !== pid) {
      complain(`tined: a process could not be set up: ${describe(error)}`)
      _exit(EXIT.setup)
    }
    if (supervisor !== undefined) {
      server.log.error({}, `the supervisor failed: ${describe(error)}`)
      supervisor.abandon(EXIT.crashed)
    }
    const message = error instanceof Error ? error.message : String(error)
    sendLine(birth.control, { type: 'failed', message, exitCode: EXIT.system })
    _exit(EXIT.setup)
  }
}

/** Turns of the supervisor. */
const WITHOUT_END = -1

/** More workers and other services than there can be at once. */
const SERVICES = 2048

function begin(birth: SupervisorBirth, server: Supervised): Supervisor {
  setpgid(0, 0) // a terminal's Ctrl-C goes to the launcher alone, which passes it on
  setChildSubreaper()
  markTree(getpid())
  // when the launcher is gone this process has things to end, and cannot while it is stopped
  setParentDeathSignal(SIGCONT)
  renewIdentity(false)
  openTitle()
  // once for all that are forked from here: what tells them apart is the title
  setName('tined')
  setTitle('tined: supervisor')
  const signals = signalfd(sigset(managedSignals))
  const board = scoreboardFor(server, birth.control)
  // what V8 and libuv need in a process is only known there
  const wayBack = server.connections?.revives === true ? openChildChannel() : NO_CHANNEL
  const introductions = server.connections?.introduces === true ? openChildChannel() : NO_CHANNEL
  const others = [birth.control, signals, board.descriptor, wayBack.receiver, introductions.receiver].filter(isOpen)
  const listeners = descriptorsOf(server.listening)
  leaveLoaders()
  const kept = [
    ...others,
    ...listeners,
    ...streamDescriptors(),
    ...[wayBack.sender, introductions.sender].filter(isOpen),
  ]
  stillLoop(birth.launcher, kept)
  // after the loop is stilled, whose own descriptors are no sockets
  letGo(birth.open, kept)
  forgetListeners()
  leaveOrphans()
  reapOrphansOfPrograms()
  keepDeathSignalInNode()
  takeStreams(true)
  takeFsCalls()
  // what the program has set is how the launcher shall end
  process.exitCode = undefined
  // it writes its log to a terminal in whose background it is
  ignoreUnasked()
  // after the loop is stilled, which would take the application's pipes for its own
  const prepared = server.prepare(board)
  const belongings = { birth, signals, others, listeners, prepared, board, wayBack, introductions, scores: oomScores() }
  const { connections, ahead } = server
  if (ahead !== undefined) return forClientsToCome(belongings, server, ahead)
  return connections === undefined ? forWorkers(belongings, server) : forConnections(belongings, server, connections)
}

/** Where workers accept, connections have rows, of those that have one at a time a row for each slot; else processes. */
function scoreboardFor({ connections, ahead, maxConnections }: Supervised, beside: number): Scoreboard {
  const processes = maxConnections + SERVICES
  if (ahead !== undefined) return new Scoreboard(processes, processes + 2, beside)
  return connections === undefined
    ? new Scoreboard(SERVICES, maxConnections, beside)
    : new Scoreboard(processes, 0, beside)
}
