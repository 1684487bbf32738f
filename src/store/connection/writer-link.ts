/** A connection process's link to the writer: a socket of its own. Survives the writer: comes to the next one, and sends again. */
import { close, write } from '../../libc/fd.js'
import { fixedAddress } from '../../libc/ffi.js'
import { hasInput } from '../../libc/poll.js'
import { usleep } from '../../libc/process.js'
import { READABLE, type Timer, type Watch } from '../../reactor/reactor.js'
import type { Channels } from '../channels.js'
import { HEADER_BYTES, PACKET_BYTES, writeHeader } from '../wire.js'
import type { Heard, Link, LinkOwner, Outgoing } from './link.js'
import { FIRST_REST_MS, hear, introduce, isGone, LONGEST_REST_MS, receiveNow, type Short } from './writer-socket.js'

const packet = Buffer.allocUnsafeSlow(PACKET_BYTES)
/** Two, or one with many sequence numbers. */
const ACKS_BYTES = PACKET_BYTES
const acks = Buffer.allocUnsafeSlow(ACKS_BYTES)
const acksAddress = fixedAddress(acks)

export class WriterLink implements Link {
  readonly #channels: Channels
  readonly #owner: LinkOwner
  readonly #outbox: Outgoing
  readonly #heard: Heard
  /** Our end; undefined while not registered. It blocks: a full socket stops us, and we do not read our client then. */
  #socket: number | undefined
  #watch: Watch | undefined
  #hearing = false
  /** The writer is gone; what it has told before is still to be heard. */
  #broken = false
  /** To be closed once all that came is heard. */
  #closing = false
  readonly #short: Short
  /** There was no room to register: until it is tried again. */
  #resting: Timer | undefined
  #restMs = FIRST_REST_MS

  constructor(channels: Channels, owner: LinkOwner, outbox: Outgoing, heard: Heard, short: Short = () => {}) {
    this.#short = short
    this.#channels = channels
    this.#owner = owner
    this.#outbox = outbox
    this.#heard = heard
  }

  flush(): void {
    if (this.#broken) return
    if (this.#socket === undefined && this.#outbox.backlog && !this.register()) return
    for (let next = this.#outbox.next(); next !== undefined; next = this.#outbox.next()) {
      writeHeader(packet, next)
      next.payload.copy(packet, HEADER_BYTES)
      if (!this.send(HEADER_BYTES + next.payload.length)) return
    }
  }

  /** Blocks while the socket is full. Returns false when there is no writer at its other end any more. */
  private send(length: number): boolean {
    try {
      write(this.#socket as number, packet, length)
      return true
    } catch (error) {
      if (!isGone(error)) throw error
      this.#broken = true
      return false
    }
  }

  close(): void {
    // called by what an acknowledgement caused: the others that came with it are heard first
    if (this.#hearing) {
      this.#closing = true
      return
    }
    this.flush()
    this.#closing = false
    while (!this.#outbox.answered) {
      if (this.#socket === undefined) usleep(1000 * this.#restMs)
      else if (hasInput(this.#socket, -1)) this.ready()
      this.flush()
    }
    this.forget()
  }

  /** Returns false when there is no room now; it is tried again. */
  private register(): boolean {
    this.#resting?.cancel()
    this.#resting = undefined
    const { id, peerName, wantsSequences = false, unnumbered = false } = this.#owner
    const { acknowledged } = this.#outbox
    const registration = { acknowledged, connection: id, peer: peerName, wantsSequences, unnumbered, shared: false }
    const socket = introduce(this.#channels, registration, this.#short)
    if (socket === undefined) {
      this.rest()
      return false
    }
    this.#socket = socket
    // bound, not an arrow: a call of that would be counted
    this.#watch = this.#owner.reactor.watch(socket, READABLE, this.ready.bind(this))
    return true
  }

  private ready(): void {
    this.take(receiveNow(this.#socket as number, acksAddress, ACKS_BYTES))
  }

  private rest(): void {
    this.#resting = this.#owner.reactor.after(this.#restMs, () => this.flush())
    this.#restMs = Math.min(2 * this.#restMs, LONGEST_REST_MS)
  }

  private take(length: number | undefined): void {
    if (length === undefined) return
    if (length === 0) {
      this.lost()
      return
    }
    this.#restMs = FIRST_REST_MS
    this.#hearing = true
    hear(acks, 0, length, this.#owner, this.#heard)
    this.#hearing = false
    if (!this.#closing) return
    this.#closing = false
    this.close()
  }

  /** The next writer gets again what is not settled; not at once if this one has told nothing: it may not want us. */
  private lost(): void {
    this.forget()
    this.#outbox.rewind()
    if (this.#restMs === FIRST_REST_MS) this.flush()
    else if (this.#outbox.backlog) this.rest()
    this.#restMs = Math.min(2 * this.#restMs, LONGEST_REST_MS)
  }

  private forget(): void {
    this.#resting?.cancel()
    this.#resting = undefined
    this.#watch?.stop()
    if (this.#socket !== undefined) close(this.#socket)
    this.#watch = undefined
    this.#socket = undefined
    this.#broken = false
  }
}
