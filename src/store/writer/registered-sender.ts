/** The writer's book of one connection. */
import { close, write } from '../../libc/fd.js'
import { PosixError } from '../../libc/posix-error.js'
import { ACK_BYTES, type Registration, writeAck } from '../wire.js'
import type { Sender } from './batch.js'
import { Inbox } from './inbox.js'

const acks = Buffer.alloc(2 * ACK_BYTES)

export class RegisteredSender implements Sender {
  readonly connection: number
  readonly pid: number
  readonly epoch: number
  readonly name: string
  readonly peer: string
  readonly inbox: Inbox
  /** Where its acknowledgements go; undefined once the process has closed its end. */
  #acks: number | undefined
  /** Of the batch under way: the last message on disk, and the last one that is not. */
  storedThrough = 0
  failedThrough = 0

  /** @param stored messages on disk already, by an earlier writer */
  constructor(registration: Registration, acks: number, run: string, stored: number) {
    const { connection, pid, epoch, peer, acknowledged } = registration
    this.connection = connection
    this.pid = pid
    this.epoch = epoch
    this.name = `${run}-${connection}`
    this.peer = peer
    this.inbox = new Inbox(acknowledged, stored)
    this.#acks = acks
    if (stored > acknowledged) this.storedThrough = stored
  }

  /** Tells the connection what became of its messages. Never blocks: see WINDOW_PACKETS. @throws {Error} when it would */
  acknowledge(errno: number): void {
    let length = 0
    if (this.storedThrough > 0) length = writeAck(acks, length, this.storedThrough, 0)
    if (this.failedThrough > 0) length = writeAck(acks, length, this.failedThrough, errno)
    this.storedThrough = 0
    this.failedThrough = 0
    if (this.#acks === undefined || length === 0) return
    try {
      if (write(this.#acks, acks, length) !== length)
        throw new Error(`the acknowledgements of connection ${this.connection} are not read`)
    } catch (error) {
      if (!(error instanceof PosixError && error.code === 'EPIPE')) throw error
    }
  }

  leave(): void {
    if (this.#acks !== undefined) close(this.#acks)
    this.#acks = undefined
  }
}
