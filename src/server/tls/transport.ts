/** A connection's bytes, encrypted by a TLS socket of Node's. What it is given has left once the kernel has it, not before. */
import type { TLSSocket } from 'node:tls'
import { ECONNRESET, EPIPE } from '../../libc/constants.js'
import { PosixError } from '../../libc/posix-error.js'
import { READABLE, type Reactor, type Watch, WRITABLE } from '../../reactor/reactor.js'
import type { Transport } from '../connection/transport.js'
import { agreementOf, type TlsAgreement } from './agreement.js'
import { leaving } from './leaving.js'

/** Sent at once: after each of these is known that the client takes what it is sent. */
const MOST_AT_ONCE = 64 * 1024
/** For the client to take the last record, which says that nothing follows. */
const CLOSING_MS = 2000

const NOTHING = Buffer.alloc(0)

/** Of errors of the socket below, those that a connection without TLS has. */
function asLoss(error: NodeJS.ErrnoException): Error {
  if (error.code === 'ECONNRESET') return new PosixError(ECONNRESET, 'read')
  if (error.code === 'EPIPE') return new PosixError(EPIPE, 'write')
  return error
}

export class TlsTransport implements Transport {
  readonly tls: TlsAgreement
  readonly #socket: TLSSocket
  #chunk: Buffer = NOTHING
  #ended = false
  #error: Error | undefined
  /** Bytes given to the socket, and of these those that have left since. */
  #given = 0
  #left = 0
  #shut = false
  #closed = false
  #interest = 0
  #ready: ((readiness: number) => void) | undefined
  #due = false

  constructor(socket: TLSSocket) {
    this.#socket = socket
    this.tls = agreementOf(socket)
    const look = (): void => this.#look()
    socket.on('readable', () => {
      // at the end too: only being read then has it say so
      if (socket.readableLength === 0) socket.read(0)
      look()
    })
    socket.on('end', () => {
      this.#ended = true
      look()
    })
    socket.on('error', (error) => this.#fail(asLoss(error)))
    socket.on('close', () => {
      if (!this.#ended && !this.#closed) this.#fail(new PosixError(ECONNRESET, 'read'))
    })
  }

  receive(): number | undefined {
    if (this.#error !== undefined) throw this.#error
    const chunk = this.#socket.read() as Buffer | null
    if (chunk === null) return this.#ended ? 0 : undefined
    this.#chunk = chunk
    return chunk.length
  }

  received(): Buffer {
    return this.#chunk
  }

  /** A stream's chunk is nobody else's. */
  receivedToKeep(): Buffer {
    return this.#chunk
  }

  /** What is given the first time is said to have been taken the next time, once it has left: until then the caller keeps it. */
  send(bytes: Uint8Array): number {
    if (this.#error !== undefined) throw this.#error
    if (this.#left > 0) {
      const left = this.#left
      this.#left = 0
      return left
    }
    // not at once what a handler gives: it may use its buffer again, and what is kept for later is a copy
    if (this.#given > 0 || this.#ready === undefined || (this.#interest & WRITABLE) === 0) return 0
    const given = bytes.subarray(0, MOST_AT_ONCE)
    this.#given = given.length
    this.#socket.write(given, (error) => {
      this.#given = 0
      if (error) return this.#fail(asLoss(error))
      this.#left = given.length
      this.#look()
    })
    return 0
  }

  shutdown(): void {
    this.#shut = true
    this.#socket.end()
  }

  close(): void {
    this.#closed = true
    const socket = this.#socket
    if (!this.#shut || socket.writableFinished || socket.destroyed) {
      socket.destroy()
      return
    }
    const close = (): void => void socket.destroy()
    leaving.add(socket)
    const timer = setTimeout(close, CLOSING_MS)
    socket.once('finish', close)
    socket.once('close', () => {
      clearTimeout(timer)
      leaving.delete(socket)
    })
    socket.resume()
  }

  watch(_reactor: Reactor, interest: number, ready: (readiness: number) => void): Watch {
    this.#ready = ready
    this.#change(interest)
    return { change: (next) => this.#change(next), more() {}, stop: () => this.#stop() }
  }

  #change(interest: number): void {
    this.#interest = interest
    if (this.#readiness !== 0) this.#later()
  }

  #stop(): void {
    this.#ready = undefined
  }

  get #readiness(): number {
    const failed = this.#error !== undefined
    const readable = failed || this.#ended || this.#socket.readableLength > 0 ? READABLE : 0
    const writable = failed || this.#given === 0 ? WRITABLE : 0
    return (readable | writable) & this.#interest
  }

  #fail(error: Error): void {
    this.#error ??= error
    this.#look()
  }

  /** Something has happened: calls back, and again in the loop's next turn while there is more. */
  #look(): void {
    const readiness = this.#readiness
    if (readiness === 0 || this.#ready === undefined) return
    this.#ready(readiness)
    if (this.#ready !== undefined && this.#readiness !== 0) this.#later()
  }

  #later(): void {
    if (this.#due) return
    this.#due = true
    setImmediate(() => {
      this.#due = false
      this.#look()
    })
  }
}
