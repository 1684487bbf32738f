/** The writer's end of a socket by which messages come. */
import { close } from '../../libc/fd.js'
import { PosixError } from '../../libc/posix-error.js'
import { recvNow, sendNow, sendNowAt } from '../../libc/stream.js'
import { isGone } from '../connection/writer-socket.js'
import type { AnswerSocket, RegisteredSender } from './registered-sender.js'

/** Takes a packet of a connection. @throws {PacketLost} */
export type TakePacket = (sender: RegisteredSender, packet: Buffer) => void

export abstract class SenderSocket implements AnswerSocket {
  #fd: number | undefined

  constructor(
    /** Of the process at the other end. */
    readonly pid: number,
    fd: number,
  ) {
    this.#fd = fd
  }

  /** Undefined once it is closed. */
  get fd(): number | undefined {
    return this.#fd
  }

  /**
   * Takes what was sent at once.
   *
   * @returns its bytes, `0` at the end, `undefined` when nothing has come
   */
  receive(address: number, count: number): number | undefined {
    if (this.#fd === undefined) return undefined
    for (;;)
      try {
        return recvNow(this.#fd, address, count)
      } catch (error) {
        // what it has not read of ours: what it sent is still there. unix(7)
        if (isGone(error)) continue
        if (error instanceof PosixError) return 0
        throw error
      }
  }

  /**
   * Takes apart what was received.
   *
   * @throws {PacketLost}
   */
  abstract take(received: Buffer, take: TakePacket): void

  /** Tells a connection at the other end what became of its messages. */
  abstract tell(connection: number, news: Buffer, length: number, address?: number): boolean

  /** Returns false when there is no room. Who is gone needs to be told nothing. */
  protected sendNow(bytes: Buffer, length: number, address: number | undefined): boolean {
    if (this.#fd === undefined) return true
    try {
      const sent = address === undefined ? sendNow(this.#fd, bytes) : sendNowAt(this.#fd, address, length)
      return sent === length
    } catch (error) {
      if (!isGone(error)) throw error
      return true
    }
  }

  close(): void {
    if (this.#fd !== undefined) close(this.#fd)
    this.#fd = undefined
  }
}

/** Of a process with one connection, or of one that appends. */
export class OwnSocket extends SenderSocket {
  sender: RegisteredSender | undefined

  take(received: Buffer, take: TakePacket): void {
    if (this.sender !== undefined) take(this.sender, received)
  }

  tell(_connection: number, news: Buffer, length: number, address?: number): boolean {
    return this.sendNow(news, length, address)
  }
}
