/** The packet that a worker gathers for the writer: frames of its connections. */
import { fixedAddress } from '../../libc/ffi.js'
import { CARRIES, CLOSES, FRAME_BYTES, FRAMES_BYTES, OPENS, writeFrame } from '../frames.js'
import { HEADER_BYTES, PACKET_BYTES, REGISTRATION_MAX_BYTES, writeHeader } from '../wire.js'
import type { Packet } from './outbox.js'

/** For what a connection sends at once. */
const ROOM_BYTES = 2 * FRAME_BYTES + REGISTRATION_MAX_BYTES + PACKET_BYTES

export class FramePacket {
  readonly bytes = Buffer.allocUnsafeSlow(FRAMES_BYTES)
  readonly address = fixedAddress(this.bytes)
  length = 0
  /** Connections that are over, of which the writer has yet to be told. */
  readonly #over: number[] = []

  /** Whether there is room for the first packet of a connection. */
  get hasRoom(): boolean {
    return this.length + ROOM_BYTES <= FRAMES_BYTES
  }

  /** The writer has yet to know the connection. To be called where there is room. */
  open(connection: number, registration: Buffer): void {
    this.length = writeFrame(this.bytes, this.length, connection, OPENS, registration.length)
    this.length += registration.copy(this.bytes, this.length)
  }

  /** To be called where there is room. */
  add(connection: number, packet: Packet): void {
    const { payload } = packet
    const frame = writeFrame(this.bytes, this.length, connection, CARRIES, HEADER_BYTES + payload.length)
    const at = writeHeader(this.bytes, packet, frame)
    this.length = at + payload.copy(this.bytes, at)
  }

  /** The connection is over: said where there is room, sooner or later. */
  close(connection: number): void {
    this.#over.push(connection)
  }

  /** To be called before it is sent. */
  addClosed(): void {
    const over = this.#over
    while (over.length > 0 && this.length + FRAME_BYTES <= FRAMES_BYTES)
      this.length = writeFrame(this.bytes, this.length, over.pop() as number, CLOSES, 0)
  }

  /** There is a new writer, which knows nobody. */
  clear(): void {
    this.length = 0
    this.#over.length = 0
  }
}
