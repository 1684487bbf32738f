/** Accepts from one listening socket of the supervisor, and keeps a client that cannot be forked for yet. */
import type { SocketAddress } from '../libc/address.js'
import { close } from '../libc/fd.js'
import type { PosixError } from '../libc/posix-error.js'
import { acceptedPeer } from '../libc/socket.js'
import type { Reactor } from '../reactor/reactor.js'
import { ListeningSocket } from './listening-socket.js'
import type { Log } from './log.js'
import type { Listening } from './plan.js'
import type { WaitingConnections } from './waiting-connections.js'

const unknown: SocketAddress = { family: 'unix', path: '' }

export class Acceptor {
  readonly #socket: ListeningSocket
  /** A connection that was accepted but could not be forked for yet. */
  #held: number | undefined
  readonly #waiting: WaitingConnections
  /** The kernel said that connections wait, or one is held. */
  ready = false
  /** The client accepted last. */
  peer: SocketAddress = unknown
  /** It had to wait with us. */
  hadToWait = false

  /** @param waiting where a connection is noted that could not be forked for: no other process is to hold it */
  constructor(listening: Listening, reactor: Reactor, log: Log, waiting: WaitingConnections) {
    this.#waiting = waiting
    // bound, not an arrow: a call of that would be counted
    this.#socket = new ListeningSocket(listening, false, reactor, log, this.someWait.bind(this))
  }

  private someWait(): void {
    this.ready = true
  }

  /** Takes a connection; undefined when none waits, or while resting. */
  accept(): { fd: number; listening: Listening } | undefined {
    const { listening, barred } = this.#socket
    if (barred) return undefined
    if (this.#held !== undefined) {
      const fd = this.#held
      this.#forget()
      this.hadToWait = true
      return { fd, listening }
    }
    const fd = this.#socket.accept()
    if (fd === undefined) {
      this.ready = false
      return undefined
    }
    this.peer = acceptedPeer()
    this.hadToWait = false
    return { fd, listening }
  }

  /** The connection was forked for: our copy of its descriptor goes. */
  release(fd: number): void {
    close(fd)
    this.#socket.served()
  }

  /** fork failed: the client waits with us until it works. */
  putBack(fd: number, error: Error): void {
    this.#held = fd
    this.#waiting.add(fd)
    this.#socket.rest(error as PosixError, 'cannot fork')
    this.ready = false
  }

  /** There may be room now: no need to rest on. */
  retry(): void {
    this.#socket.retry()
  }

  /** Leaves the poll set: clients queue in the kernel. */
  shut(): void {
    this.#socket.shut()
    this.ready = false
  }

  /** Joins the poll set again. */
  open(): void {
    this.#socket.open()
    // one that waits with us is not in the kernel's queue any more
    if (this.#held !== undefined && !this.#socket.barred) this.ready = true
  }

  /** Stops listening: clients are refused from now on. */
  close(): void {
    this.#socket.close()
    this.ready = false
    if (this.#held === undefined) return
    close(this.#held)
    this.#forget()
  }

  #forget(): void {
    this.#waiting.delete(this.#held as number)
    this.#held = undefined
  }
}
