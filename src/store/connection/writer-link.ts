/** A connection process's link to the writer: a socket of its own. Survives the writer: comes to the next one, and sends again. */
import {
  ECONNRESET,
  EMFILE,
  ENFILE,
  ENOBUFS,
  ENOMEM,
  EPIPE,
  ETOOMANYREFS,
  SOCK_CLOEXEC,
  SOCK_SEQPACKET,
} from '../../libc/constants.js'
import { close, read, write } from '../../libc/fd.js'
import { fixedAddress } from '../../libc/ffi.js'
import { PosixError } from '../../libc/posix-error.js'
import { usleep } from '../../libc/process.js'
import { sendDescriptor } from '../../libc/scm-rights.js'
import { socketpair } from '../../libc/socket.js'
import { recvNow } from '../../libc/stream.js'
import { READABLE, type Timer, type Watch } from '../../reactor/reactor.js'
import type { Channels } from '../channels.js'
import {
  ACK_BYTES,
  DETAILED_BYTES,
  decodeDetailed,
  encodeRegistration,
  HEADER_BYTES,
  PACKET_BYTES,
  readAck,
  writeHeader,
} from '../wire.js'
import type { Heard, Link, LinkOwner, Outgoing } from './link.js'

const packet = Buffer.allocUnsafeSlow(PACKET_BYTES)
/** Two, or one with many sequence numbers. */
const ACKS_BYTES = PACKET_BYTES
const acks = Buffer.allocUnsafeSlow(ACKS_BYTES)
const acksAddress = fixedAddress(acks)

/** Between attempts to register. */
const FIRST_REST_MS = 5
const LONGEST_REST_MS = 200

/** Told what is short. */
type Short = (refusal: () => PosixError) => void

const SHORTAGES = [EMFILE, ENFILE, ETOOMANYREFS, ENOBUFS, ENOMEM]
const GONE = [EPIPE, ECONNRESET]

const isOne = (error: unknown, of: readonly number[]): error is PosixError =>
  error instanceof PosixError && of.includes(-error.errno)

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
  readonly #lingering: Set<WriterLink> | undefined
  readonly #short: Short
  /** There was no room to register: until it is tried again. */
  #resting: Timer | undefined
  #restMs = FIRST_REST_MS

  /**
   * @param short called when there is no room to register, each time that it is tried
   * @param lingering where others in this process must not wait: holds links that are closed but not answered
   */
  constructor(
    channels: Channels,
    owner: LinkOwner,
    outbox: Outgoing,
    heard: Heard,
    short: Short = () => {},
    lingering?: Set<WriterLink>,
  ) {
    this.#short = short
    this.#lingering = lingering
    this.#channels = channels
    this.#owner = owner
    this.#outbox = outbox
    this.#heard = heard
  }

  flush(): void {
    if (this.#broken) return
    if (this.#socket === undefined && this.#outbox.backlog && !this.#register()) return
    for (let next = this.#outbox.next(); next !== undefined; next = this.#outbox.next()) {
      writeHeader(packet, next)
      next.payload.copy(packet, HEADER_BYTES)
      if (!this.#send(HEADER_BYTES + next.payload.length)) return
    }
  }

  /** Blocks while the socket is full. Returns false when there is no writer at its other end any more. */
  #send(length: number): boolean {
    try {
      write(this.#socket as number, packet, length)
      return true
    } catch (error) {
      if (!isOne(error, GONE)) throw error
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
    if (this.#lingering !== undefined && !this.#outbox.answered) {
      this.#closing = true
      this.#lingering.add(this)
      return
    }
    this.awaitAnswers()
  }

  /** Waits until every complete message is stored or refused, and lets go. */
  awaitAnswers(): void {
    this.#closing = false
    while (!this.#outbox.answered) {
      if (this.#socket === undefined) usleep(1000 * this.#restMs)
      else this.#take(this.#receive(() => read(this.#socket as number, acks)))
      this.flush()
    }
    this.#lingering?.delete(this)
    this.#forget()
  }

  /**
   * Gives the writer the other end of a new socket pair, so that its end is seen here when the writer dies.
   *
   * @returns false when there is no room now; it is tried again
   */
  #register(): boolean {
    this.#resting?.cancel()
    this.#resting = undefined
    const socket = this.#introduce()
    if (socket === undefined) {
      this.#rest()
      return false
    }
    this.#socket = socket
    this.#watch = this.#owner.reactor.watch(socket, READABLE, () =>
      this.#take(this.#receive(() => recvNow(socket, acksAddress, ACKS_BYTES))),
    )
    return true
  }

  #rest(): void {
    this.#resting = this.#owner.reactor.after(this.#restMs, () => this.flush())
    this.#restMs = Math.min(2 * this.#restMs, LONGEST_REST_MS)
  }

  /** Our end of the new pair; undefined when there is no room: of descriptors here, of those on the way, or in the socket. */
  #introduce(): number | undefined {
    let ends: [number, number] | undefined
    try {
      ends = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
      const { id, peerName, wantsSequences = false, unnumbered = false } = this.#owner
      const registration = encodeRegistration({
        acknowledged: this.#outbox.acknowledged,
        connection: id,
        peer: peerName,
        wantsSequences,
        unnumbered,
      })
      if (sendDescriptor(this.#channels.sender, registration, ends[1])) {
        close(ends[1])
        return ends[0]
      }
    } catch (error) {
      if (!isOne(error, SHORTAGES)) throw error
      this.#short(() => error)
    }
    for (const fd of ends ?? []) close(fd)
    return undefined
  }

  /** What the writer has told; 0 bytes when it is gone, which the kernel may say before what it has told. unix(7) */
  #receive(take: () => number | undefined): number | undefined {
    for (;;)
      try {
        return take()
      } catch (error) {
        if (!isOne(error, [ECONNRESET])) throw error
      }
  }

  #take(length: number | undefined): void {
    if (length === undefined) return
    if (length === 0) {
      this.#lost()
      return
    }
    this.#restMs = FIRST_REST_MS
    this.#hearing = true
    const detailed = length >= DETAILED_BYTES && this.#owner.wantsSequences === true
    for (let at = 0; at < (detailed ? ACK_BYTES : length); at += ACK_BYTES) {
      const { through, errno, reached } = readAck(acks, at)
      if (detailed) this.#heard(through, errno, reached, decodeDetailed(acks.subarray(0, length)))
      else this.#heard(through, errno, reached)
    }
    this.#hearing = false
    if (!this.#closing) return
    this.#closing = false
    this.close()
  }

  /** The next writer gets again what is not settled; not at once if this one has told nothing: it may not want us. */
  #lost(): void {
    this.#forget()
    this.#outbox.rewind()
    if (this.#restMs === FIRST_REST_MS) this.flush()
    else if (this.#outbox.backlog) this.#rest()
    this.#restMs = Math.min(2 * this.#restMs, LONGEST_REST_MS)
  }

  #forget(): void {
    this.#resting?.cancel()
    this.#resting = undefined
    this.#watch?.stop()
    if (this.#socket !== undefined) close(this.#socket)
    this.#watch = undefined
    this.#socket = undefined
    this.#broken = false
  }
}
