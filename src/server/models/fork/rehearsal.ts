/** What src/speed is told of model `fork`: which functions run for every connection, and how to try them. */

import { type Compilable, methodsOf } from '../../../engine/compile.js'
import { renewIdentity } from '../../../engine/identity.js'
import { setTitle } from '../../../engine/title.js'
import { becomeChild } from '../../../fork/become-child.js'
import { closeRuns } from '../../../fork/descriptors.js'
import { hostOf } from '../../../libc/address.js'
import { close_range, tryWriteTo } from '../../../libc/fd.js'
import { setParentDeathSignal } from '../../../libc/process.js'
import { applySignalMask } from '../../../libc/signal.js'
import { shutdown } from '../../../libc/socket.js'
import { recvNow, sendNow, sendNowAt } from '../../../libc/stream.js'
import type { Rehearsable } from '../../../supervisor/supervised.js'
import type { Application, RehearsedApplication } from '../../application.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Handler } from '../../connection/contract.js'
import { deadlinesOf } from '../../connection/deadlines.js'
import { NO_LIMITS } from '../../connection/limits.js'
import { receive, received, send } from '../../connection/read-buffer.js'
import { Sending } from '../../connection/sending.js'
import { hot as blocking, reactor, serveBlocking } from './serve-blocking.js'

/** Methods of a connection that a rehearsal does not come by. */
const NOT_REHEARSED = [
  'peerName',
  'signal',
  'finish',
  'pause',
  'resume',
  'pull',
  'read',
  'flush',
  'lingerIfSent',
  'lose',
  'extend',
  'bytesWritten',
]

/** What runs in a connection process with a blocking handler, apart from the handler. */
const hot: readonly Compilable[] = [
  ...blocking,
  becomeChild,
  setTitle,
  closeRuns,
  close_range,
  tryWriteTo,
  renewIdentity,
  setParentDeathSignal,
  applySignalMask,
  hostOf,
  recvNow,
  sendNow,
  sendNowAt,
  receive,
  received,
  send,
  shutdown,
  Buffer.prototype.subarray,
  SocketConnection,
  ...methodsOf(SocketConnection, NOT_REHEARSED),
  Sending,
  ...methodsOf(Sending, ['flush', 'finish']),
  deadlinesOf,
]

const {
  start,
  receive: take,
  write,
  end,
  destroy,
} = SocketConnection.prototype as unknown as Record<string, Compilable>
const roots = [serveBlocking, becomeChild, SocketConnection, start, take, write, end, destroy] as Compilable[]

const callbacksOf = (handler: Handler): Compilable[] =>
  typeof handler === 'function' ? [] : Object.values(handler).filter((callback) => typeof callback === 'function')

/** Optimised code goes when the last object goes that it was made for: this one stays. It is never started. */
const kept: { connection?: SocketConnection } = {}

function keepOne(handler: Handler): void {
  if (typeof handler === 'function') return
  const nobody = { fd: -1, id: 0, peer: { family: 'unix', path: '' } } as const
  kept.connection = new SocketConnection(nobody, reactor, handler, NO_LIMITS)
}

/**
 * @param first what the supervisor calls in a connection process
 * @param whole whether a connection may be rehearsed to its end
 */
export function rehearsalOf(application: Application, first: readonly Compilable[], whole: boolean): Rehearsable {
  const rehearsal = 'rehearsal' in application ? (application as RehearsedApplication).rehearsal : undefined
  return {
    hot: [...first, ...hot, ...callbacksOf(application.handler)],
    roots: [...first, ...roots],
    sample: whole ? rehearsal?.sample : undefined,
    whileWaiting: (act) => reactor.after(0, act),
    begin() {
      keepOne(application.handler)
      rehearsal?.begin?.()
    },
    end: () => rehearsal?.end?.(),
  }
}
