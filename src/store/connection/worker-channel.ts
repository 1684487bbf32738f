/** A worker's socket to the writer, which its connections share: what they send in one turn of the loop goes together, and so do the answers. */
import { close, write } from '../../libc/fd.js'
import { fixedAddress } from '../../libc/ffi.js'
import { hasInput } from '../../libc/poll.js'
import { usleep } from '../../libc/process.js'
import { sendNowAt } from '../../libc/stream.js'
import { READABLE, type Reactor, type Timer, type Watch, WRITABLE } from '../../reactor/reactor.js'
import { BackOff } from '../../supervisor/back-off.js'
import type { Channels } from '../channels.js'
import { FRAMES_BYTES, readFrame } from '../frames.js'
import { AnswerWindow } from './answer-window.js'
import { FramePacket } from './frame-packet.js'
import type { Packet } from './outbox.js'
import { FIRST_REST_MS, introduce, isGone, LONGEST_REST_MS, receiveNow, type Short } from './writer-socket.js'

const told = Buffer.allocUnsafeSlow(FRAMES_BYTES)
const toldAddress = fixedAddress(told)

/** A connection's link, as the channel has it. */
interface ChannelUser {
  /** There is room again. */
  flush(): void
  /** The writer has told something: the bytes of `told` from `from` to `to`. */
  hear(told: Buffer, from: number, to: number): void
  /** The writer is gone. */
  lost(): void
}

export class WorkerChannel {
  readonly #channels: Channels
  readonly #short: Short
  readonly #links = new Map<number, ChannelUser>()
  /** Links with more than there is room for. */
  readonly #waiting = new Set<ChannelUser>()
  readonly #backOff = new BackOff(FIRST_REST_MS, LONGEST_REST_MS)
  readonly #packet = new FramePacket()
  readonly #window = new AnswerWindow()
  /** Undefined while not registered. */
  #socket: number | undefined
  #watch: Watch | undefined
  #reactor: Reactor | undefined
  /** What is gathered goes at the end of this turn. */
  #due = false
  /** The socket is full. */
  #full = false
  /** The writer is gone; what it has told before is still to be heard. */
  #broken = false
  /** There was no room to register: until it is tried again. */
  #resting: Timer | undefined

  constructor(channels: Channels, short: Short) {
    this.#channels = channels
    this.#short = short
  }

  /** @param id of the connection whose link it is */
  add(id: number, link: ChannelUser): void {
    this.#links.set(id, link)
  }

  /** The connection is over, and answered. @param known whether the writer knows it */
  leave(id: number, known: boolean): void {
    const link = this.#links.get(id)
    if (link === undefined) return
    this.#links.delete(id)
    this.#waiting.delete(link)
    if (!known) return
    this.#packet.close(id)
    this.#sendSoon()
  }

  /** The link is flushed again once there is room. */
  await(link: ChannelUser): void {
    this.#waiting.add(link)
  }

  /** Whether there is a socket; if not, registers. */
  open(reactor: Reactor): boolean {
    if (this.#socket !== undefined) return true
    if (this.#resting !== undefined) return false
    this.#reactor = reactor
    const registration = {
      acknowledged: 0,
      connection: 0,
      peer: '',
      wantsSequences: false,
      unnumbered: false,
      shared: true,
    }
    const socket = introduce(this.#channels, registration, this.#short)
    if (socket === undefined) {
      this.#rest()
      return false
    }
    this.#socket = socket
    this.#watch = reactor.watch(socket, READABLE, (readiness) => this.#ready(readiness))
    return true
  }

  /** Whether a connection can send a packet now, its first one too. */
  get hasRoom(): boolean {
    if (this.#socket === undefined || this.#full || this.#broken || !this.#window.hasRoom) return false
    return this.#packet.hasRoom || this.#send()
  }

  /** To be called when there is room. */
  introduce(id: number, registration: Buffer): void {
    this.#packet.open(id, registration)
  }

  /** To be called when there is room. @param answerBytes how much may come back for it */
  send(id: number, packet: Packet, answerBytes: number): void {
    this.#packet.add(id, packet)
    this.#window.expect(answerBytes)
    this.#sendSoon()
  }

  /** Answers of so many bytes have come, or will not come any more. */
  settle(answerBytes: number): void {
    this.#window.settle(answerBytes)
  }

  /** Waits until every message of connections that are over is stored or refused. */
  awaitAnswers(): void {
    while (this.#links.size > 0) {
      if (this.#socket === undefined) {
        usleep(1000 * FIRST_REST_MS)
        this.#retry()
      } else {
        this.#sendAll()
        if (hasInput(this.#socket, -1)) this.#take(receiveNow(this.#socket, toldAddress, FRAMES_BYTES))
        this.#flushWaiting()
      }
    }
  }

  #sendSoon(): void {
    if (this.#due) return
    this.#due = true
    this.#reactor?.afterTurn(() => this.#sendDue())
  }

  #sendDue(): void {
    this.#due = false
    if (!this.#full && !this.#broken) this.#send()
  }

  /** Returns false when there is no room, or no writer. */
  #send(): boolean {
    const packet = this.#packet
    packet.addClosed()
    if (packet.length === 0 || this.#socket === undefined) return true
    try {
      if (sendNowAt(this.#socket, packet.address, packet.length) === undefined) {
        this.#full = true
        this.#watch?.change(READABLE | WRITABLE)
        return false
      }
    } catch (error) {
      if (!isGone(error)) throw error
      this.#broken = true
      return false
    }
    this.#sent()
    return true
  }

  #sent(): void {
    this.#packet.length = 0
    this.#window.sent()
  }

  /** Blocks while the socket is full. */
  #sendAll(): void {
    const packet = this.#packet
    packet.addClosed()
    if (packet.length === 0 || this.#broken) return
    try {
      write(this.#socket as number, packet.bytes, packet.length)
      this.#sent()
    } catch (error) {
      if (!isGone(error)) throw error
      this.#broken = true
    }
  }

  #ready(readiness: number): void {
    if (readiness & WRITABLE && this.#full) {
      this.#full = false
      if (this.#send()) this.#watch?.change(READABLE)
    }
    if (readiness & READABLE) this.#take(receiveNow(this.#socket as number, toldAddress, FRAMES_BYTES))
    this.#flushWaiting()
  }

  #take(length: number | undefined): void {
    if (length === undefined) return
    if (length === 0) {
      this.#lost()
      return
    }
    this.#backOff.succeeded()
    for (let frame = readFrame(told, 0, length); frame !== undefined; frame = readFrame(told, frame.to, length))
      this.#links.get(frame.connection)?.hear(told, frame.from, frame.to)
  }

  #flushWaiting(): void {
    if (this.#waiting.size === 0) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const link of waiting) link.flush()
  }

  #rest(): void {
    this.#resting = this.#reactor?.after(this.#backOff.failed(), () => this.#retry())
  }

  #retry(): void {
    this.#resting?.cancel()
    this.#resting = undefined
    this.#flushWaiting()
  }

  /** The next writer gets again what is not settled; not at once if this one has told nothing: it may not want us. */
  #lost(): void {
    this.#watch?.stop()
    close(this.#socket as number)
    this.#watch = undefined
    this.#socket = undefined
    this.#broken = false
    this.#full = false
    this.#packet.clear()
    this.#window.clear()
    for (const link of this.#links.values()) {
      link.lost()
      this.#waiting.add(link)
    }
    if (this.#backOff.fresh) this.#flushWaiting()
    else this.#rest()
    this.#backOff.failed()
  }
}
