/** Makes a supervisor of a freshly forked process. */
import { endByExit, exitAtOnce } from '../engine/ending.js'
import { renewIdentity } from '../engine/identity.js'
import { complain } from '../engine/output/complain.js'
import { takeFsCalls } from '../engine/output/fs-calls.js'
import { takeStreams } from '../engine/output/streams.js'
import { describe } from '../engine/output/words.js'
import { openTitle, setTitle } from '../engine/title.js'
import type { ChildSetup } from '../fork/become-child.js'
import { keepDeathSignalInNode } from '../fork/death-signal.js'
import { type Run, runs, stillLoop } from '../fork/descriptors.js'
import { letGo } from '../fork/let-go.js'
import { leaveLoaders } from '../fork/loaders.js'
import { leaveOrphans, reapOrphansOfPrograms } from '../fork/orphans.js'
import { isPlenty, lookForPlenty } from '../fork/plenty.js'
import { inTurn } from '../fork/room.js'
import { ignoreUnasked } from '../fork/unasked-signals.js'
import { SIGCONT, SIGKILL, SIGURG } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { streamDescriptors } from '../libc/launcher-streams.js'
import { _exit, getpid, lightFork, setChildSubreaper, setName, setParentDeathSignal, setpgid } from '../libc/process.js'
import { type SigSet, signalfd, signalMask, sigset, sigsetMembers } from '../libc/signal.js'
import * as speed from '../speed/preparation.js'
import { sendLine } from './channel.js'
import { EXIT } from './exit-status.js'
import { hot, roots } from './hot-functions.js'
import type { SupervisorBirth } from './launcher.js'
import { createLog } from './log.js'
import { type OomScores, oomScores } from './oom-score.js'
import { descriptorsOf, type ForkedConnection, type SupervisorPlan, type WayBack } from './plan.js'
import { openWayBack } from './returned.js'
import { Scoreboard } from './scoreboard.js'
import { forgetListeners, managedSignals } from './signals.js'
import type { PerConnection, Prepared, Supervised } from './supervised.js'
import { Supervisor } from './supervisor.js'
import { markTree } from './tree-mark.js'

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

/** What is this process's own, and what it has opened for others. */
interface Belongings {
  birth: SupervisorBirth
  signals: number
  /** For no child at all. */
  others: readonly number[]
  listeners: readonly number[]
  prepared: Prepared
  wayBack: WayBack
  board: Scoreboard
  scores: OomScores
}

/** More workers and other services than there can be at once. */
const SERVICES = 2048

/** In rehearsals, and where no process has threads. */
const NO_WAY_BACK: WayBack = { receiver: -1, sender: -1 }
const isOpen = (fd: number): boolean => fd >= 0

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
  // what V8 and libuv need in a process is only known there
  const wayBack = server.connections?.revives === true ? openWayBack() : NO_WAY_BACK
  const others = [birth.control, signals, ...[wayBack.receiver].filter(isOpen)]
  const listeners = descriptorsOf(server.listening)
  leaveLoaders()
  const kept = [...others, ...listeners, ...streamDescriptors(), ...[wayBack.sender].filter(isOpen)]
  stillLoop(birth.launcher, kept)
  // after the loop is stilled, whose own descriptors are no sockets
  letGo(birth.open, kept)
  forgetListeners()
  leaveOrphans()
  reapOrphansOfPrograms()
  keepDeathSignalInNode()
  takeStreams()
  takeFsCalls()
  // what the program has set is how the launcher shall end
  process.exitCode = undefined
  // it writes its log to a terminal in whose background it is
  ignoreUnasked()
  // after the loop is stilled, which would take the application's pipes for its own
  const board = scoreboardFor(server)
  const prepared = server.prepare(board)
  const belongings = { birth, signals, others, listeners, prepared, board, wayBack, scores: oomScores() }
  return server.connections === undefined
    ? forWorkers(belongings, server)
    : forConnections(belongings, server, server.connections)
}

/** Where workers accept, connections have rows; else processes. */
const scoreboardFor = ({ connections, maxConnections }: Supervised): Scoreboard =>
  connections === undefined ? new Scoreboard(SERVICES, maxConnections) : new Scoreboard(maxConnections + SERVICES)

/** Workers accept; the supervisor only watches over them. */
function forWorkers(belongings: Belongings, server: Supervised): Supervisor {
  speed.prepareForWorkers()
  const { birth, prepared } = belongings
  const processes = { fork: () => -1, exit: _exit, setup: setupOf([], birth.mask, undefined) }
  const { control } = birth
  const { log } = server
  return new Supervisor(
    planOf(belongings, server, {
      control,
      listening: [],
      wayBack: NO_WAY_BACK,
      services: prepared.services,
      processes,
      serve: hangUp,
      log,
    }),
  )
}

/** A process that makes threads is told whether there is plenty of room for them. */
const whenLooked =
  (fork: () => number, { sender }: WayBack): (() => number) =>
  () => {
    lookForPlenty()
    return isPlenty() ? fork() : inTurn(sender, fork)
  }

/** The supervisor accepts, and forks for each connection. */
function forConnections(belongings: Belongings, server: Supervised, connections: PerConnection): Supervisor {
  const { birth, others, listeners, prepared, board, scores, wayBack } = belongings
  const { rehearsal, serve, revives, mayForkLightly } = connections
  const fork = speed.forkFor(mayForkLightly)
  connections.forkedLightly(fork === lightFork)
  const foreign = runs([...others, ...listeners, ...prepared.closeInConnections])
  const processes = new speed.ImitableProcesses(
    revives ? whenLooked(fork, wayBack) : fork,
    // by which they are told of a drain, if they want to know
    setupOf(foreign, sigset([...sigsetMembers(birth.mask), SIGURG]), scores.serving),
    setupOf(NOTHING, signalMask(), scores.own, 0, birth.launcher),
  )
  const quiet = createLog('silent', 'json')
  if (revives) endByExit()
  const rehearsed = rehearsal.sample === undefined ? hangUp : serve
  if (revives) lookForPlenty()
  rehearsal.begin()
  speed.prepareForConnections({
    hot: [...hot, ...rehearsal.hot],
    uncalled: rehearsal.uncalled,
    roots: [...roots, ...rehearsal.roots],
    sample: rehearsal.sample,
    whileWaiting: (act) => rehearsal.whileWaiting(act),
    address: server.listening[0]?.address,
    processes,
    supervisor: (control, listener) =>
      new Supervisor(
        planOf(belongings, server, {
          control,
          listening: [listener],
          wayBack: NO_WAY_BACK,
          services: [],
          processes,
          serve: rehearsed,
          log: quiet,
        }),
      ),
  })
  rehearsal.end()
  setTitle('tined: supervisor')
  board.showSupervisor()
  board.forgetPast()
  // before memory is frozen, so that what it is made of has its place then
  const { control } = birth
  const { listening, log } = server
  const supervisor = new Supervisor(
    planOf(belongings, server, {
      control,
      listening,
      wayBack,
      services: prepared.services,
      processes,
      serve,
      log,
    }),
  )
  speed.freezeNow()
  return supervisor
}

type Own = Pick<SupervisorPlan, 'control' | 'listening' | 'wayBack' | 'services' | 'processes' | 'serve' | 'log'>

/** One literal for the plan of a rehearsal and the real one: code that V8 has optimised for a shape is of no use to another. */
function planOf(
  { birth, signals, others, listeners, prepared, board, wayBack, scores }: Belongings,
  server: Supervised,
  own: Own,
): SupervisorPlan {
  const { workers } = prepared
  return {
    control: own.control,
    signals,
    listening: own.listening,
    wayBack: own.wayBack,
    lent: workers === undefined ? [] : listeners,
    board,
    workersAccept: workers !== undefined,
    watchLimits: server.watchLimits,
    maxConnections: server.maxConnections,
    drainTimeoutMs: server.drainTimeoutMs,
    tellsEnds: server.onConnectionEnd !== undefined && own.control === birth.control,
    services: own.services,
    serviceSetup: setupOf(
      runs([...others, ...listeners, ...[wayBack.sender].filter(isOpen)]),
      birth.mask,
      undefined,
      0,
    ),
    workerSetup: setupOf(
      runs(others),
      sigset([...sigsetMembers(birth.mask), ...(workers?.signals ?? [])]),
      scores.serving,
    ),
    processes: own.processes,
    serve: own.serve,
    beforeTurn: speed.freezeAgain,
    log: own.log,
  }
}

/** What a child of this process lets go of; it dies with its parent. */
const setupOf = (
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
function hangUp({ fd }: ForkedConnection): number {
  close(fd)
  return 0
}

/** Closed in a rehearsal: a descriptor that is never open. */
const NOTHING: Run[] = [[2_000_000_000, 2_000_000_000]]
