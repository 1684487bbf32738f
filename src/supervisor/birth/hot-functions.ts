/** What runs in the supervisor for every connection: named for src/speed, which has it compiled before the first one. */
import { type Compilable, methodsOf } from '../../engine/compile.js'
import { isPlenty, lookForPlenty } from '../../fork/plenty.js'
import { decodeSockaddr, hot as hotInAddress } from '../../libc/address.js'
import { close, read, write } from '../../libc/fd.js'
import { lastErrno } from '../../libc/ffi.js'
import { leadTree, lightFork, waitpid } from '../../libc/process.js'
import { readSignals, senderOf } from '../../libc/signal.js'
import { accept4, acceptedPeer, awaitClient, copyAcceptedPeer } from '../../libc/socket.js'
import { BlockingReactor } from '../../reactor/blocking-reactor.js'
import { hot as hotInReactor } from '../../reactor/hot-functions.js'
import { Slot } from '../../reactor/slot.js'
import { Acceptor } from '../acceptor.js'
import { Adopted } from '../adopted.js'
import { SparePolicy } from '../ahead/spare-policy.js'
import { SpareWorkers } from '../ahead/spare-workers.js'
import { Spares } from '../ahead/spares.js'
import { endKey } from '../board-layout.js'
import { BusyTimes } from '../busy-times.js'
import { Children } from '../children.js'
import { ConnectionForker } from '../connection-forker.js'
import { endedWell } from '../exit-status.js'
import { countEnd, LastEnds } from '../last-ends.js'
import { Lifecycle } from '../lifecycle.js'
import { ListeningSocket } from '../listening-socket.js'
import { logEnded } from '../log-lines.js'
import { reapAll } from '../reaper.js'
import { Scoreboard } from '../scoreboard.js'
import { Supervisor } from '../supervisor.js'
import { Times } from '../times.js'
import { Watchdog } from '../watchdog.js'

const NOT_FOR_EVERY_CONNECTION = [
  'run',
  'reaped',
  'close',
  'abandon',
  'takeCommands',
  'count',
  'stats',
  'forkAhead',
  'hasChildren',
]

/** Of who forks for them. */
const NOT_WHILE_THERE_IS_ROOM = [
  ...['accepted', 'waiting', 'close', 'listenAgain', 'retry', 'takeReturned', 'forkReturned'],
]

/** Of the scoreboard. */
const NOT_OF_A_CONNECTION = [
  ...['accept', 'accepted', 'connections', 'traffic', 'forgetPast', 'showSupervisor', 'sum'],
  ...['set', 'pidOf', 'peerOf', 'clientOf', 'rowAfter', 'enter', 'leave', 'rows', 'sparesWords'],
]

const supervisor = [
  ...methodsOf(Supervisor, NOT_FOR_EVERY_CONNECTION),
  ...methodsOf(ConnectionForker, NOT_WHILE_THERE_IS_ROOM),
]

export const hot: readonly Compilable[] = [
  ...supervisor,
  // and no root: it goes on for ever, so that what is made part of it and given up would take it along
  Supervisor.prototype.run,
  ...methodsOf(Children, ['all', 'has', 'runs', 'roleOf']),
  ...methodsOf(Scoreboard, NOT_OF_A_CONNECTION),
  LastEnds.prototype.add,
  countEnd,
  endKey,
  Times.prototype.add,
  Adopted.prototype.expect,
  ...methodsOf(Watchdog),
  ...methodsOf(BusyTimes, ['look']),
  ...methodsOf(Acceptor, ['putBack', 'retry', 'shut', 'open', 'close']),
  ...methodsOf(ListeningSocket, ['rest', 'retry', 'shut', 'open', 'close']),
  Object.getOwnPropertyDescriptor(Lifecycle.prototype, 'stopping')?.get as Compilable,
  ...hotInReactor,
  isPlenty,
  lookForPlenty,
  accept4,
  acceptedPeer,
  copyAcceptedPeer,
  decodeSockaddr,
  ...hotInAddress,
  leadTree,
  lightFork,
  logEnded,
  endedWell,
  reapAll,
  readSignals,
  senderOf,
  lastErrno,
  read,
  close,
  waitpid,
]

/** Of these, what the others are called by. */
export const roots: readonly Compilable[] = [...supervisor, BlockingReactor.prototype.turn]

const ahead = methodsOf(SpareWorkers, ['ready', 'stop', 'idle'])
const { accept, rowAfter, enter, pidOf } = Scoreboard.prototype

/** What runs for a worker that is forked ahead, in the supervisor and in itself. */
export const hotAhead: readonly Compilable[] = [
  ...hot,
  ...ahead,
  ...methodsOf(Spares, ['forgetPast', 'rehearse', 'ringWhenReady', 'takeFewest', 'heard', 'rope']),
  ...methodsOf(SparePolicy),
  accept,
  rowAfter,
  enter,
  pidOf,
  Slot,
  ...methodsOf(Slot),
  awaitClient,
  write,
]

export const rootsAhead: readonly Compilable[] = [...roots, ...ahead]
