/** The whole of Node for one connection. */
import { inspect } from 'node:util'
import { complain, exit } from '../../../engine/ending.js'
import { afterEndings } from '../../../fork/first-turns.js'
import { reviveNode } from '../../../fork/fork.js'
import { stoppedTimers } from '../../../fork/let-go.js'
import { formatAddress } from '../../../libc/address.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import { adapt, wrap } from '../../connection/adapt.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Accepted, ConnectionHandler, Handler } from '../../connection/contract.js'
import type { TimeoutOptions } from '../../connection/deadlines.js'
import { afterFileRequests } from '../file-requests.js'

/** A client of a database that was to connect again after a while never does here. */
function stoppedInWords(): string {
  const count = stoppedTimers()
  if (count === 0) return ''
  const timers = count === 1 ? 'a timer' : `${count} timers`
  return `; ${timers} that ran when serve() was called stayed with the launcher: what waits for one never goes on here`
}

/** Ends the process once the handler has finished and the connection is closed. */
class Ending {
  #finished: boolean
  #closed = false
  #ended = false
  readonly #name: string

  constructor(name: string, finished: boolean) {
    this.#name = name
    this.#finished = finished
    process.on('beforeExit', () => {
      if (this.#ended) return
      this.complain(`nothing is left to wait for, and the handler has not finished${stoppedInWords()}`)
      this.exit(EXIT.unfinished)
    })
  }

  complain(text: string): void {
    complain(`tined: connection ${this.#name}: ${text}`)
  }

  /** Once what the handler has written to files is there. */
  exit(status: number): void {
    if (this.#ended) return
    this.#ended = true
    afterFileRequests(() => exit(status))
  }

  finished(): void {
    this.#finished = true
    this.#exitIfDone()
  }

  closed(): void {
    this.#closed = true
    // whoever awaits the connection hears of it first
    setImmediate(() => this.#exitIfDone())
  }

  #exitIfDone(): void {
    if (this.#finished && this.#closed) this.exit(EXIT.ok)
  }
}

/** Returns to Node's event loop, which ends when the connection does. */
export function serveInNode(accepted: Accepted, timeouts: TimeoutOptions, handler: Handler): void {
  reviveNode()
  const ending = new Ending(formatAddress(accepted.peer), typeof handler !== 'function')
  const callbacks = wrap(callbacksOf(handler, ending), () => ending.closed())
  afterEndings(() => new SocketConnection(accepted, new NodeReactor(), callbacks, timeouts).start())
}

function callbacksOf(handler: Handler, ending: Ending): ConnectionHandler {
  if (typeof handler !== 'function') return handler
  return adapt(handler, (how) => {
    if (!how.ok) {
      ending.complain(inspect(how.error))
      ending.exit(EXIT.failed)
    }
    ending.finished()
  })
}
