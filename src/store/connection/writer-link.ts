/** A connection process's link to the writer. Survives the writer: registers again with the next one, and sends again. */
import { EMFILE, ENFILE, ENOBUFS, ENOMEM, ETOOMANYREFS, O_CLOEXEC, O_NONBLOCK, PIPE_BUF } from '../../libc/constants.js'
import { close, pipe2, read, setNonBlocking, write } from '../../libc/fd.js'
import { PosixError } from '../../libc/posix-error.js'
import { usleep } from '../../libc/process.js'
import { sendDescriptor } from '../../libc/scm-rights.js'
import { READABLE, type Timer, type Watch } from '../../reactor/reactor.js'
import type { Channels } from '../channels.js'
import { ACK_BYTES, encodeRegistration, HEADER_BYTES, writeHeader } from '../wire.js'
import type { Heard, Link, LinkOwner } from './link.js'
import type { Outbox } from './outbox.js'

const packet = Buffer.allocUnsafeSlow(PIPE_BUF)
const acks = Buffer.allocUnsafeSlow(64 * ACK_BYTES)

/** Between attempts to register. */
const FIRST_REST_MS = 5
const LONGEST_REST_MS = 200

/** Told what is short. */
type Short = (refusal: () => PosixError) => void

const SHORTAGES = [EMFILE, ENFILE, ETOOMANYREFS, ENOBUFS, ENOMEM]

const isShortage = (error: unknown): error is PosixError =>
  error instanceof PosixError && SHORTAGES.includes(-error.errno)

export class WriterLink implements Link {
  readonly #channels: Channels
  readonly #owner: LinkOwner
  readonly #outbox: Outbox
  readonly #heard: Heard
  /** Registrations so far. */
  #epoch = 0
  /** Read end of the acknowledgement pipe; undefined while not registered. */
  #acks: number | undefined
  #watch: Watch | undefined
  #hearing = false
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
    outbox: Outbox,
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
    if (this.#acks === undefined && this.#outbox.backlog && !this.#register()) return
    for (let next = this.#outbox.next(); next !== undefined; next = this.#outbox.next()) {
      const { payload, message, flags } = next
      writeHeader(packet, { connection: this.#owner.id, epoch: this.#epoch, message, flags })
      payload.copy(packet, HEADER_BYTES)
      // blocks while the pipe is full, in pieces of a packet or not at all
      write(this.#channels.packets.writeEnd, packet, HEADER_BYTES + payload.length)
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
      if (this.#acks !== undefined) setNonBlocking(this.#acks, false)
      else usleep(1000 * this.#restMs)
      this.#hear()
      this.flush()
    }
    this.#lingering?.delete(this)
    this.#forget()
  }

  /**
   * Gives the writer the other end of a new pipe, so that its end is seen here when the writer dies.
   *
   * @returns false when there is no room now; it is tried again
   */
  #register(): boolean {
    this.#resting?.cancel()
    this.#resting = undefined
    const readEnd = this.#introduce()
    const { reactor } = this.#owner
    if (readEnd === undefined) {
      this.#resting = reactor.after(this.#restMs, () => this.flush())
      this.#restMs = Math.min(2 * this.#restMs, LONGEST_REST_MS)
      return false
    }
    this.#restMs = FIRST_REST_MS
    this.#acks = readEnd
    this.#watch = reactor.watch(readEnd, READABLE, () => this.#hear())
    return true
  }

  /** The read end of the new pipe; undefined when there is no room: of descriptors here, of those on the way, or in the socket. */
  #introduce(): number | undefined {
    let ends: [number, number] | undefined
    try {
      ends = pipe2(O_CLOEXEC | O_NONBLOCK)
      const { id, peerName } = this.#owner
      const { acknowledged } = this.#outbox
      const registration = { connection: id, epoch: ++this.#epoch, pid: process.pid, acknowledged, peer: peerName }
      const { sender } = this.#channels.registrations
      if (sendDescriptor(sender, encodeRegistration(registration), ends[1])) {
        close(ends[1])
        return ends[0]
      }
    } catch (error) {
      if (!isShortage(error)) throw error
      this.#short(() => error)
    }
    for (const fd of ends ?? []) close(fd)
    return undefined
  }

  #hear(): void {
    if (this.#acks === undefined) return
    const length = read(this.#acks, acks)
    if (length === undefined) return
    if (length === 0) {
      this.#forget()
      this.#outbox.rewind()
      this.flush()
      return
    }
    this.#hearing = true
    for (let at = 0; at < length; at += ACK_BYTES) this.#heard(acks.readUIntLE(at, 6), acks.readUInt16LE(at + 6))
    this.#hearing = false
    if (!this.#closing) return
    this.#closing = false
    this.close()
  }

  #forget(): void {
    this.#resting?.cancel()
    this.#resting = undefined
    this.#watch?.stop()
    if (this.#acks !== undefined) close(this.#acks)
    this.#watch = undefined
    this.#acks = undefined
  }
}
