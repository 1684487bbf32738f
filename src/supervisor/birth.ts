/** Makes a supervisor of a freshly forked process. */
import { endByExit, exitAtOnce } from '../engine/ending.js'
import { renewIdentity } from '../engine/identity.js'
import { complain } from '../engine/output/complain.js'
import { takeFsCalls } from '../engine/output/fs-calls.js'
import { takeStreams } from '../engine/output/streams.js'
import { describe } from '../engine/output/words.js'
import { openTitle, setTitle } from '../engine/title.js'
import { keepDeathSignalInNode } from '../fork/death-signal.js'
import { runs, stillLoop } from '../fork/descriptors.js'
import { letGo } from '../fork/let-go.js'
import { leaveLoaders } from '../fork/loaders.js'
import { leaveOrphans, reapOrphansOfPrograms } from '../fork/orphans.js'
import { isPlenty, lookForPlenty } from '../fork/plenty.js'
import { inTurn } from '../fork/room.js'
import { ignoreUnasked } from '../fork/unasked-signals.js'
import { O_CLOEXEC, SIGCONT, SIGURG } from '../libc/constants.js'
import { pipe2, setNonBlocking } from '../libc/fd.js'
import { streamDescriptors } from '../libc/launcher-streams.js'
import { _exit, getpid, lightFork, setChildSubreaper, setName, setParentDeathSignal, setpgid } from '../libc/process.js'
import { interruptOnly, signalfd, signalMask, sigset, sigsetMembers } from '../libc/signal.js'
import * as speed from '../speed/preparation.js'
import { type Belongings, hangUp, isOpen, maskOf, NO_WAY_BACK, NOTHING, planOf, setupOf } from './belongings.js'
import { sendLine } from './channel.js'
import { EXIT } from './exit-status.js'
import { hot, hotAhead, roots, rootsAhead } from './hot-functions.js'
import type { SupervisorBirth } from './launcher.js'
import { createLog } from './log.js'
import { oomScores } from './oom-score.js'
import { type AheadPlan, descriptorsOf, type WayBack } from './plan.js'
import { ANY_REQUESTS, NONE_AHEAD, OneAhead, REHEARSED_REQUESTS } from './rehearse-ahead.js'
import { openWayBack } from './returned.js'
import { Scoreboard } from './scoreboard.js'
import { forgetListeners, managedSignals } from './signals.js'
import { LEAVE_IF_IDLE } from './spare-workers.js'
import { Spares } from './spares.js'
import type { AheadOfClients, PerConnection, Supervised } from './supervised.js'
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
  const { connections, ahead } = server
  if (ahead !== undefined) return forClientsToCome(belongings, server, ahead)
  return connections === undefined ? forWorkers(belongings, server) : forConnections(belongings, server, connections)
}

/** Where workers accept, connections have rows, of those that have one at a time a row for each slot; else processes. */
function scoreboardFor({ connections, ahead, maxConnections }: Supervised): Scoreboard {
  const processes = maxConnections + SERVICES
  if (ahead !== undefined) return new Scoreboard(processes, processes + 2)
  return connections === undefined ? new Scoreboard(SERVICES, maxConnections) : new Scoreboard(processes)
}

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
      ahead: undefined,
      services: prepared.services,
      processes,
      serve: hangUp,
      beforeTurn: speed.freezeAgain,
      log,
    }),
  )
}

/** A process that makes threads is told whether there is plenty of room for them. */
const whenLooked =
  (fork: () => number, { sender }: WayBack): (() => number) =>
  () => {
    lookForPlenty()
    return isPlenty() || sender < 0 ? fork() : inTurn(sender, fork)
  }

/** The supervisor accepts, and forks for each connection. */
function forConnections(belongings: Belongings, server: Supervised, connections: PerConnection): Supervisor {
  const { birth, others, listeners, prepared, scores, wayBack } = belongings
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
          ahead: undefined,
          services: [],
          processes,
          serve: rehearsed,
          beforeTurn: speed.freezeAgain,
          log: quiet,
        }),
      ),
  })
  rehearsal.end()
  setTitle('tined: supervisor')
  belongings.board.showSupervisor()
  belongings.board.forgetPast()
  // before memory is frozen, so that what it is made of has its place then
  const { control } = birth
  const { listening, log } = server
  const supervisor = new Supervisor(
    planOf(belongings, server, {
      control,
      listening,
      wayBack: belongings.wayBack,
      ahead: undefined,
      services: prepared.services,
      processes,
      serve,
      beforeTurn: speed.freezeAgain,
      log,
    }),
  )
  speed.freezeNow()
  return supervisor
}

/** The supervisor forks workers, which accept. */
function forClientsToCome(belongings: Belongings, server: Supervised, ahead: AheadOfClients): Supervisor {
  const { birth, others, prepared, board, scores } = belongings
  const { rehearsal, work, limits, requests, revives, mayForkLightly } = ahead
  const fork = speed.forkFor(mayForkLightly)
  ahead.forkedLightly(fork === lightFork)
  const ends = server.onConnectionEnd === undefined ? undefined : pipe2(O_CLOEXEC)
  if (ends !== undefined) setNonBlocking(ends[0], true)
  const spares = new Spares(board.sparesWords)
  interruptOnly(LEAVE_IF_IDLE)
  if (revives) endByExit()
  const processes = new speed.ImitableProcesses(
    revives ? whenLooked(fork, NO_WAY_BACK) : fork,
    setupOf(
      runs([...others, spares.heard, ...(ends?.slice(0, 1) ?? []), ...prepared.closeInConnections]),
      maskOf(belongings),
      scores.serving,
    ),
    setupOf(NOTHING, signalMask(), scores.own, 0, birth.launcher),
  )
  /** One literal for rehearsals and what comes after, as in `planOf`. */
  const supervisorOf = (
    own: Omit<AheadPlan, 'spares' | 'ends' | 'requests' | 'work'>,
    control: number,
    real: boolean,
  ): Supervisor =>
    new Supervisor(
      planOf(belongings, server, {
        control,
        listening: [],
        wayBack: NO_WAY_BACK,
        ahead: {
          limits: own.limits,
          spares,
          ends: real ? ends : undefined,
          listening: own.listening,
          requests,
          mostRequests: own.mostRequests,
          work,
        },
        services: real ? prepared.services : [],
        processes,
        serve: hangUp,
        beforeTurn: speed.freezeAgain,
        log: real ? server.log : quiet,
      }),
    )
  const quiet = createLog('silent', 'json')
  if (revives) lookForPlenty()
  rehearsal.begin()
  speed.prepareForConnections({
    hot: [...hotAhead, ...rehearsal.hot],
    uncalled: rehearsal.uncalled,
    roots: [...rootsAhead, ...rehearsal.roots],
    sample: rehearsal.sample,
    whileWaiting: (act) => rehearsal.whileWaiting(act),
    address: server.listening[0]?.address,
    processes,
    supervisor(control, listener) {
      const own = { limits: NONE_AHEAD, listening: [listener], mostRequests: REHEARSED_REQUESTS }
      return new OneAhead(supervisorOf(own, control, false), spares, listener.fd)
    },
  })
  rehearsal.end()
  setTitle('tined: supervisor')
  board.showSupervisor()
  board.forgetPast()
  spares.forgetPast()
  const supervisor = supervisorOf(
    { limits, listening: server.listening, mostRequests: ANY_REQUESTS },
    birth.control,
    true,
  )
  speed.freezeNow()
  return supervisor
}
