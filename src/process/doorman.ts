/** One listener at the supervisor's door: in the poll set or out of it, with back-off when the system has no room. */
import { formatAddress, type SocketAddress } from '../posix/address.js'
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from '../posix/constants.js'
import { close } from '../posix/fd.js'
import type { PosixError } from '../posix/posix-error.js'
import { accept4, acceptedPeer } from '../posix/socket.js'
import { READABLE, type Reactor, type Watch } from '../reactor/reactor.js'
import { BackOff } from './back-off.js'
import type { Log } from './log.js'
import type { Listening } from './supervisor-plan.js'

const unknown: SocketAddress = { family: 'unix', path: '' }

export class Doorman {
  readonly #listening: Listening
  readonly #reactor: Reactor
  readonly #watch: Watch
  readonly #log: Log
  readonly #backOff = new BackOff(5, 1000)
  /** A connection that was accepted but could not be forked for yet. */
  #held: number | undefined
  #resting = false
  #closed = false
  /** The kernel said that connections wait, or one is held. */
  ready = false
  /** The client accepted last. */
  peer: SocketAddress = unknown

  constructor(listening: Listening, reactor: Reactor, log: Log) {
    this.#listening = listening
    this.#reactor = reactor
    this.#log = log
    this.#watch = reactor.watch(listening.fd, READABLE, () => {
      this.ready = true
    })
  }

  /** Takes a connection; undefined when none waits, or while resting. */
  accept(): { fd: number; listening: Listening } | undefined {
    if (this.#closed || this.#resting) return undefined
    if (this.#held !== undefined) {
      const fd = this.#held
      this.#held = undefined
      return { fd, listening: this.#listening }
    }
    try {
      const fd = accept4(this.#listening.fd, SOCK_NONBLOCK | SOCK_CLOEXEC)
      if (fd === undefined) {
        this.ready = false
        return undefined
      }
      this.peer = acceptedPeer()
      return { fd, listening: this.#listening }
    } catch (error) {
      this.rest(error as PosixError, 'cannot accept')
      return undefined
    }
  }

  /** The connection was forked for: our copy of its descriptor goes. */
  release(fd: number): void {
    close(fd)
    if (!this.#backOff.fresh) {
      this.#backOff.succeeded()
      this.#log.info({ listen: formatAddress(this.#listening.address) }, 'accepting again')
    }
  }

  /** fork failed: the client waits with us until it works. */
  putBack(fd: number, error: Error): void {
    this.#held = fd
    this.rest(error as PosixError, 'cannot fork')
  }

  /** Leaves the poll set: clients queue in the kernel. */
  shut(): void {
    this.#watch.change(0)
    this.ready = false
  }

  /** Joins the poll set again. */
  open(): void {
    if (this.#closed || this.#resting) return
    this.#watch.change(READABLE)
    // one that waits with us is not in the kernel's queue any more
    if (this.#held !== undefined) this.ready = true
  }

  /** Stops listening: clients are refused from now on. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.ready = false
    this.#watch.stop()
    close(this.#listening.fd)
    if (this.#held !== undefined) close(this.#held)
  }

  /** EMFILE, ENFILE, EAGAIN, ENOMEM: asking again at once would only burn the CPU. Logged once until it works again. */
  private rest(error: PosixError, what: string): void {
    const first = this.#backOff.fresh
    const waitMs = this.#backOff.failed()
    if (first) this.#log.error({ code: error.code, retryMs: waitMs }, `${what}: ${error.message}`)
    this.#resting = true
    this.shut()
    this.#reactor.after(waitMs, () => {
      this.#resting = false
      this.ready = true
      this.open()
    })
  }
}
