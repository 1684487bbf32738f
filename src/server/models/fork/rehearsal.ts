/** What src/speed is told of model `fork`: which functions run for every connection, and how to try them. */
import { type Compilable, methodsNamed, methodsOf } from '../../../engine/compile.js'
import { renewIdentity } from '../../../engine/identity.js'
import { LoopActivity } from '../../../engine/loop-activity.js'
import { hot as hotInTitle } from '../../../engine/title.js'
import { becomeChild } from '../../../fork/become-child.js'
import { closeRuns } from '../../../fork/descriptors.js'
import { hostOf } from '../../../libc/address.js'
import { clock } from '../../../libc/clock.js'
import { close_range, tryWriteTo } from '../../../libc/fd.js'
import { check } from '../../../libc/posix-error.js'
import { setParentDeathSignal } from '../../../libc/process.js'
import { applySignalMask } from '../../../libc/signal.js'
import { shutdown } from '../../../libc/socket.js'
import { recvNow, sendNow, sendNowAt } from '../../../libc/stream.js'
import { hot as hotInWatch, LazyReactor } from '../../../reactor/lazy-reactor.js'
import type { Timer } from '../../../reactor/reactor.js'
import { shown } from '../../../reactor/slot.js'
import { TimedPoller } from '../../../reactor/timed-poller.js'
import { countAnswer } from '../../../supervisor/answer-times.js'
import type { Rehearsable } from '../../../supervisor/supervised.js'
import { addTime } from '../../../supervisor/times.js'
import { hot as hotInAdapter, roots as rootsOfAdapter } from '../../connection/adapt.js'
import { SocketConnection } from '../../connection/connection.js'
import { deadlinesOf } from '../../connection/deadlines.js'
import { KnownConnection } from '../../connection/known-connection.js'
import { NO_LIMITS } from '../../connection/limits.js'
import { hot as hotInReader, PullReader, roots as rootsOfReader } from '../../connection/pull-reader.js'
import { receive, received, receivedToKeep, send, takeBackKept } from '../../connection/read-buffer.js'
import { Sending } from '../../connection/sending.js'
import { showReceived, showServed } from '../../connection/shown.js'
import { TakenConnection } from '../../connection/taken-connection.js'
import { SocketTransport } from '../../connection/transport.js'
import type { Cast } from './cast.js'
import { hot as hotBehindProxy } from './introduce-client.js'
import { hot as blocking, reactor, serveBlocking } from './serve-blocking.js'
import { asked, hot as hotWhenLazy, reactor as lazyReactor, serveLazily } from './serve-lazily.js'
import { Service } from './service.js'

/** Methods of a connection that a rehearsal does not come by. */
const NOT_REHEARSED = [
  'whole',
  'hearDraining',
  'isDuplex',
  'signal',
  'tls',
  'finish',
  'pause',
  'resume',
  'flush',
  'lingerIfSent',
  'lose',
  'extend',
  'bytesWritten',
  'waits',
]

/** Those that one for a function comes by. */
const LAZY_METHODS = ['finish', 'pause', 'resume', 'lingerIfSent', 'waits', 'whole']

/** Of taking bytes otherwise than by callbacks: as they come, and in other shapes. */
const PULLING = ['pull', 'read', 'reader', 'take', Symbol.asyncIterator]
const SHAPING = ['lines', 'stream']

/** What runs in a connection process with a blocking handler, apart from the handler. */
const hot: readonly Compilable[] = [
  ...blocking,
  becomeChild,
  ...hotInTitle,
  closeRuns,
  close_range,
  tryWriteTo,
  renewIdentity,
  setParentDeathSignal,
  applySignalMask,
  check,
  hostOf,
  recvNow,
  sendNow,
  sendNowAt,
  showServed,
  showReceived,
  countAnswer,
  ...clock,
  shown,
  addTime,
  receive,
  received,
  send,
  shutdown,
  Buffer.prototype.subarray,
  SocketConnection,
  KnownConnection,
  TakenConnection,
  ...methodsOf(TakenConnection, [...PULLING, ...SHAPING]),
  ...methodsOf(SocketConnection, NOT_REHEARSED),
  SocketTransport,
  ...methodsOf(SocketTransport, ['receivedToKeep']),
  Sending,
  ...methodsOf(Sending, ['flush']),
  deadlinesOf,
]

const {
  start,
  receive: take,
  write,
  end,
  destroy,
} = SocketConnection.prototype as unknown as Record<string, Compilable>
const roots = [becomeChild, SocketConnection, start, take, write, end, destroy] as Compilable[]

/** Optimised code goes when the last object goes that it was made for: this one stays. It is never started. */
const kept: { connection?: SocketConnection } = {}

/** What a lazy process runs of ours, beside what a blocking one does. */
const lazy: readonly Compilable[] = [
  ...hotWhenLazy,
  ...methodsOf(LazyReactor, ['moveTo', 'after', 'forgetTimer', 'blocking']),
  LazyReactor,
  ...methodsOf(TimedPoller),
  Service,
  ...methodsOf(Service, ['failed', 'name']),
  ...methodsOf(LoopActivity, ['note', 'asked']),
  ...hotInReader,
  receivedToKeep,
  SocketTransport.prototype.receivedToKeep,
  ...hotInAdapter,
  ...hotInWatch,
  process.listenerCount,
  PullReader,
  ...methodsOf(PullReader, ['close', 'giveUp', 'unread', 'forget']),
  ...methodsNamed(TakenConnection, PULLING),
  ...methodsNamed(SocketConnection, LAZY_METHODS),
]

/** A rehearsal takes a second, on a very busy machine some. */
const REHEARSAL_MS = 30_000

function tooLong(): never {
  throw new Error(
    `rehearsal: the handler is not done after ${REHEARSAL_MS / 1000} s: it waits for what is not sent or not read`,
  )
}

/** @param first what the supervisor calls in a connection process */
export function rehearsalOf(cast: Cast, first: readonly Compilable[]): Rehearsable {
  let deadline: Timer | undefined
  const behindProxy = cast.proxyGate === undefined ? [] : hotBehindProxy
  return {
    get hot() {
      return [...first, ...(cast.lazy ? [...lazy, ...asked()] : []), ...behindProxy, ...hot, ...cast.called]
    },
    uncalled: cast.uncalled,
    get roots() {
      return cast.lazy
        ? [...first, serveLazily, ...roots, ...rootsOfReader, ...rootsOfAdapter]
        : [...first, serveBlocking, ...roots, ...cast.roots]
    },
    get sample() {
      return cast.sample
    },
    whileWaiting: (act) => (cast.lazy ? lazyReactor.blocking : reactor).after(0, act),
    begin() {
      cast.begin()
      if (cast.tried) deadline = (cast.lazy ? lazyReactor.blocking : reactor).after(REHEARSAL_MS, tooLong)
      const nobody = { fd: -1, id: 0, peer: { family: 'unix', path: '' } } as const
      if (cast.blocking) kept.connection = new SocketConnection(nobody, reactor, cast.callbacks(), NO_LIMITS)
    },
    end() {
      deadline?.cancel()
      takeBackKept()
      cast.end()
    },
  }
}
