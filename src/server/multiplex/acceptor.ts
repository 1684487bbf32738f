/** One listener of a loop worker: in the poll set or out of it, with back-off when the system has no room. */
import { formatAddress } from '../../posix/address.js'
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from '../../posix/constants.js'
import { close } from '../../posix/fd.js'
import type { PosixError } from '../../posix/posix-error.js'
import { accept4 } from '../../posix/socket.js'
import { BackOff } from '../../process/back-off.js'
import type { Log } from '../../process/log.js'
import type { Listening } from '../../process/supervisor-plan.js'
import { SHARED } from '../../reactor/poller.js'
import { READABLE, type Reactor, type Timer, type Watch } from '../../reactor/reactor.js'

export class Acceptor {
  readonly #listening: Listening
  readonly #reactor: Reactor
  readonly #log: Log
  readonly #watch: Watch
  readonly #interest: number
  readonly #backOff = new BackOff(5, 1000)
  #resting: Timer | undefined
  #closed = false

  /**
   * @param shared whether other processes accept from the same socket
   * @param waits called when clients wait
   */
  constructor(listening: Listening, shared: boolean, reactor: Reactor, log: Log, waits: (acceptor: Acceptor) => void) {
    this.#listening = listening
    this.#reactor = reactor
    this.#log = log
    this.#interest = shared ? READABLE | SHARED : READABLE
    this.#watch = reactor.watch(listening.fd, this.#interest, () => waits(this))
  }

  /** Takes a connection; undefined when none waits, or while resting. */
  accept(): number | undefined {
    if (this.#closed || this.#resting !== undefined) return undefined
    try {
      const fd = accept4(this.#listening.fd, SOCK_NONBLOCK | SOCK_CLOEXEC)
      if (fd !== undefined && !this.#backOff.fresh) {
        this.#backOff.succeeded()
        this.#log.info({ listen: formatAddress(this.#listening.address) }, 'accepting again')
      }
      return fd
    } catch (error) {
      this.#rest(error as PosixError)
      return undefined
    }
  }

  /** Leaves the poll set: clients queue in the kernel. */
  shut(): void {
    this.#watch.change(0)
  }

  /** Joins the poll set again. */
  open(): void {
    if (!this.#closed && this.#resting === undefined) this.#watch.change(this.#interest)
  }

  /** Stops listening; clients are refused once all who share the socket have. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#resting?.cancel()
    this.#watch.stop()
    close(this.#listening.fd)
  }

  /** EMFILE, ENFILE, ENOMEM: asking again at once would only burn the CPU. Logged once until it works again. */
  #rest(error: PosixError): void {
    const first = this.#backOff.fresh
    const waitMs = this.#backOff.failed()
    if (first) this.#log.error({ code: error.code, retryMs: waitMs }, `cannot accept: ${error.message}`)
    this.shut()
    this.#resting = this.#reactor.after(waitMs, () => {
      this.#resting = undefined
      this.open()
    })
  }
}
