/** One listening socket: in the poll set or out of it, with back-off when the system has no room. */
import { formatAddress } from '../libc/address.js'
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import type { PosixError } from '../libc/posix-error.js'
import { accept4 } from '../libc/socket.js'
import { SHARED } from '../reactor/poller.js'
import { READABLE, type Reactor, type Timer, type Watch } from '../reactor/reactor.js'
import { BackOff } from './back-off.js'
import type { Log } from './log.js'
import type { Listening } from './plan.js'

/** So long nothing must be short, for it to be over. */
const RECOVERED_MS = 1000

export class ListeningSocket {
  readonly listening: Listening
  readonly #reactor: Reactor
  readonly #log: Log
  readonly #waits: (socket: ListeningSocket) => void
  readonly #watch: Watch
  readonly #interest: number
  readonly #backOff = new BackOff(5, 1000)
  #resting: Timer | undefined
  /** It was said that something is short, and not yet that it is over. */
  #short = false
  #recovering: Timer | undefined
  #open = true
  #closed = false

  /**
   * @param shared whether other processes accept from the same socket
   * @param waits called when clients wait, and after a rest, when some may
   */
  constructor(
    listening: Listening,
    shared: boolean,
    reactor: Reactor,
    log: Log,
    waits: (socket: ListeningSocket) => void,
  ) {
    this.listening = listening
    this.#reactor = reactor
    this.#log = log
    this.#waits = waits
    this.#interest = shared ? READABLE | SHARED : READABLE
    this.#watch = reactor.watch(listening.fd, this.#interest, waits.bind(undefined, this))
  }

  /** Nothing is accepted: it is closed, or rests. */
  get barred(): boolean {
    return this.#closed || this.#resting !== undefined
  }

  /** Takes a connection, whose address `acceptedPeer` tells; undefined when none waits, or while barred. */
  accept(): number | undefined {
    if (this.barred) return undefined
    try {
      return accept4(this.listening.fd, SOCK_NONBLOCK | SOCK_CLOEXEC)
    } catch (error) {
      this.rest(error as PosixError, 'cannot accept')
      return undefined
    }
  }

  /** What was accepted is being served: there is room. */
  served(): void {
    if (this.#backOff.fresh) return
    this.#backOff.succeeded()
    this.#recovering?.cancel()
    this.#recovering = this.#reactor.after(RECOVERED_MS, () => this.#recovered())
  }

  #recovered(): void {
    this.#recovering = undefined
    this.#short = false
    this.#log.info({ listen: formatAddress(this.listening.address) }, 'accepting again')
  }

  /** EMFILE, ENFILE, EAGAIN, ENOMEM: asking again at once would only burn the CPU. Logged once until it has worked for a while. */
  rest(error: PosixError, what: string): void {
    const waitMs = this.#backOff.failed()
    if (!this.#short) this.#log.error({ code: error.code, retryMs: waitMs }, `${what}: ${error.message}`)
    this.#short = true
    this.#recovering?.cancel()
    this.#recovering = undefined
    this.#resting = this.#reactor.after(waitMs, () => this.#rested())
    this.#updateInterest()
  }

  #rested(): void {
    this.#resting = undefined
    this.#updateInterest()
    if (this.#open) this.#waits(this)
  }

  /** There may be room now: no need to rest on. */
  retry(): void {
    if (this.#resting === undefined || this.#closed) return
    this.#resting.cancel()
    this.#rested()
  }

  /** Leaves the poll set: clients queue in the kernel. */
  shut(): void {
    this.#open = false
    this.#updateInterest()
  }

  /** Joins the poll set again, after its rest if it has one. */
  open(): void {
    this.#open = true
    this.#updateInterest()
  }

  /** Stops listening; clients are refused once all who share the socket have. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#resting?.cancel()
    this.#recovering?.cancel()
    this.#watch.stop()
    close(this.listening.fd)
  }

  /** Whoever shut it while it rests must find it shut afterwards: a listener that nobody serves would wake us for ever. */
  #updateInterest(): void {
    if (!this.#closed) this.#watch.change(this.#open && this.#resting === undefined ? this.#interest : 0)
  }
}
