/** The writer's end of the socket that the connections of a worker share. */
import { fixedAddress } from '../../libc/ffi.js'
import { CARRIES, CLOSES, FRAME_BYTES, FRAMES_BYTES, type Frame, OPENS, readFrame, writeFrame } from '../frames.js'
import { decodeRegistration, type Registration } from '../wire.js'
import { PacketLost } from './inbox.js'
import type { RegisteredSender } from './registered-sender.js'
import { SenderSocket, type TakePacket } from './sender-socket.js'

/** Makes known a connection of the worker. */
type Introduce = (socket: WorkerSocket, registration: Registration) => RegisteredSender

export class WorkerSocket extends SenderSocket {
  readonly #senders = new Map<number, RegisteredSender>()
  readonly #introduce: Introduce
  readonly #introduced: (senders: readonly RegisteredSender[]) => void
  /** Answers that go together. */
  readonly #answers = Buffer.allocUnsafeSlow(FRAMES_BYTES)
  readonly #answersAddress = fixedAddress(this.#answers)
  #length = 0

  /** @param introduced told whom a packet has made known, once it is taken */
  constructor(
    pid: number,
    fd: number,
    introduce: Introduce,
    introduced: (senders: readonly RegisteredSender[]) => void,
  ) {
    super(pid, fd)
    this.#introduce = introduce
    this.#introduced = introduced
  }

  take(received: Buffer, take: TakePacket): void {
    const introduced: RegisteredSender[] = []
    let end = 0
    for (let frame = this.#frame(received, 0); frame !== undefined; frame = this.#frame(received, end)) {
      end = frame.to
      this.#takeFrame(frame, received.subarray(frame.from, end), take, introduced)
    }
    if (introduced.length > 0) this.#introduced(introduced)
    if (end < received.length) throw new PacketLost(`half a frame of ${received.length - end} bytes`)
  }

  #frame(received: Buffer, at: number): Frame | undefined {
    return readFrame(received, at, received.length)
  }

  #takeFrame({ connection, kind }: Frame, bytes: Buffer, take: TakePacket, introduced: RegisteredSender[]): void {
    if (kind === CARRIES) {
      const sender = this.#senders.get(connection)
      if (sender === undefined) throw new PacketLost(`connection ${connection} was not made known`)
      take(sender, bytes)
    } else if (kind === OPENS) {
      const registration = decodeRegistration(bytes)
      if (registration?.connection !== connection) throw new PacketLost('this is no registration')
      const sender = this.#introduce(this, registration)
      this.#senders.set(connection, sender)
      introduced.push(sender)
    } else if (kind === CLOSES) this.#senders.delete(connection)
    else throw new PacketLost(`a frame of kind ${kind}`)
  }

  tell(connection: number, news: Buffer, length: number): boolean {
    if (this.#length + FRAME_BYTES + length > FRAMES_BYTES && !this.flush()) return false
    const at = writeFrame(this.#answers, this.#length, connection, CARRIES, length)
    this.#length = at + news.copy(this.#answers, at, 0, length)
    return true
  }

  /** Sends what is to be told. Returns false when there is no room. */
  flush(): boolean {
    if (this.#length === 0) return true
    const length = this.#length
    this.#length = 0
    return this.sendNow(this.#answers, length, this.#answersAddress)
  }
}
