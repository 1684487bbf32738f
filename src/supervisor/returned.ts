/**
 * Clients that a connection process could not serve for want of threads, and gave back before it had read anything. Many such
 * processes, each of which waits for the rest of what it needs, would leave nothing for any.
 */
import type { SocketAddress } from '../libc/address.js'
import { close } from '../libc/fd.js'
import { PosixError } from '../libc/posix-error.js'
import { sendDescriptor } from '../libc/scm-rights.js'
import type { Reactor, Timer } from '../reactor/reactor.js'
import { BackOff } from './back-off.js'
import { DescriptorInbox } from './descriptor-inbox.js'
import type { Listening } from './plan.js'
import type { WaitingConnections } from './waiting-connections.js'

/** Between one client and the next, longer as long as they come back: other processes that wait shall get what those had. */
const FIRST_REST_MS = 20
const LONGEST_REST_MS = 1000

interface Client {
  readonly fd: number
  readonly peer: SocketAddress
  readonly listening: Listening
}

/**
 * In a connection process: gives its client back.
 *
 * @param listening the listener's descriptor
 * @returns false when it has to keep it: too many are on the way
 */
export function giveBack(sender: number, fd: number, peer: SocketAddress, listening: number): boolean {
  if (sender < 0) return false
  try {
    return sendDescriptor(sender, Buffer.from(JSON.stringify({ peer, listening })), fd)
  } catch (error) {
    if (error instanceof PosixError) return false
    throw error
  }
}

export class Returned {
  readonly #receiver: number
  readonly #listening: readonly Listening[]
  readonly #reactor: Reactor
  readonly #inbox: DescriptorInbox
  readonly #waiting: WaitingConnections
  readonly #changed: () => void
  readonly #clients: Client[] = []
  readonly #backOff = new BackOff(FIRST_REST_MS, LONGEST_REST_MS)
  #restMs = FIRST_REST_MS
  #resting: Timer | undefined
  #tried: Client | undefined
  #closed = false

  /**
   * @param waiting where they are noted while they wait here: no process that is forked for another is to hold them
   * @param changed called when a client has come, or when the next may be tried
   */
  constructor(
    receiver: number,
    listening: readonly Listening[],
    reactor: Reactor,
    waiting: WaitingConnections,
    changed: () => void,
  ) {
    this.#waiting = waiting
    this.#receiver = receiver
    this.#listening = listening
    this.#reactor = reactor
    this.#changed = changed
    this.#inbox = new DescriptorInbox(receiver, reactor, (data, fd) => this.#add(data, fd))
  }

  get empty(): boolean {
    return this.#clients.length === 0
  }

  /** The next to be tried; undefined while resting. */
  next(): Client | undefined {
    if (this.#resting !== undefined) return undefined
    this.#tried = this.#clients.shift()
    if (this.#tried === undefined) return undefined
    this.#waiting.delete(this.#tried.fd)
    this.#rest()
    return this.#tried
  }

  /** fork failed for the one that was tried. */
  putBack(): void {
    if (this.#tried === undefined) return
    this.#waiting.add(this.#tried.fd)
    this.#clients.unshift(this.#tried)
    this.#tried = undefined
  }

  /** It has a process: our copy of its descriptor goes. */
  release(fd: number): void {
    this.#tried = undefined
    close(fd)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#inbox.close()
    this.#resting?.cancel()
    for (const { fd } of this.#clients.splice(0)) {
      this.#waiting.delete(fd)
      close(fd)
    }
    close(this.#receiver)
  }

  #add(data: Buffer, fd: number): void {
    const { peer, listening: number } = JSON.parse(data.toString()) as { peer: SocketAddress; listening: number }
    const listening = this.#listening.find((each) => each.fd === number)
    if (listening === undefined) return
    this.#clients.push({ fd, peer, listening })
    this.#waiting.add(fd)
    this.#restMs = this.#backOff.failed()
    if (this.#resting === undefined) this.#rest()
    this.#changed()
  }

  /** A connection process has ended that had all it needed: there is room for another. */
  hurry(): void {
    if (this.#resting === undefined) return
    this.#resting.cancel()
    this.#rested()
  }

  #rest(): void {
    this.#resting = this.#reactor.after(this.#restMs, () => this.#rested())
  }

  #rested(): void {
    this.#resting = undefined
    if (this.#clients.length === 0) this.#backOff.succeeded()
    this.#changed()
  }
}
