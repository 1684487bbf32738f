/** The writer's side of one connection: its packets become messages again. No system calls. */
import { MOST_FIELDS_ADDED, splitFields } from '../fields.js'
import { CONTINUES, FIELDS, HEADER_BYTES, LENGTH_BYTES, LENGTHS, type PacketHeader, UNTERMINATED } from '../wire.js'

const NEWLINE = 0x0a

/** A packet that cannot follow the one before. Nothing in a socket gets lost, so no connection of ours sends such. */
export class PacketLost extends Error {
  override readonly name = 'PacketLost'
}

/** Told of each message that ends in a packet. */
type Deliver = (number: number, bytes: Buffer, fields?: string) => void

export class Inbox {
  /** Number of the message that comes next. */
  #next: number
  /** Pieces of a line that is not complete, and their bytes. */
  #pieces: Buffer[] = []
  #bytes = 0
  /** What fields may add to it. */
  #added = 0
  /** Bytes that it lacks, where its length came before it. */
  #lacking = 0

  /** @param acknowledged messages before the stream that comes */
  constructor(
    acknowledged: number,
    /** Messages up to this number are on disk already and are passed over. */
    readonly storedThrough: number,
    /** The longest line: nobody may fill the writer's memory. */
    readonly maxMessageBytes = Number.POSITIVE_INFINITY,
  ) {
    this.#next = acknowledged + 1
  }

  /**
   * Takes a packet of this connection.
   *
   * @param deliver called for each message that ends in it, without its newline, and with its fields; `bytes` is reused after the call
   * @throws {PacketLost} when it does not follow the one before
   */
  take(header: PacketHeader, packet: Buffer, deliver: Deliver): void {
    this.#follow(header)
    if (header.flags & LENGTHS) {
      const fields = (header.flags & FIELDS) !== 0
      this.#added = fields ? MOST_FIELDS_ADDED : 0
      this.#takeCounted(packet, fields ? splitting(deliver) : deliver)
      return
    }
    let from = HEADER_BYTES
    for (let at = packet.indexOf(NEWLINE, from); at >= 0; at = packet.indexOf(NEWLINE, from)) {
      this.#complete(packet.subarray(from, at), deliver)
      from = at + 1
    }
    if (header.flags & UNTERMINATED) this.#complete(packet.subarray(from), deliver)
    else if (from < packet.length) this.#keep(packet.subarray(from))
  }

  /** Messages with their length before them. */
  #takeCounted(packet: Buffer, deliver: Deliver): void {
    for (let at = HEADER_BYTES; at < packet.length; ) {
      if (this.#pieces.length === 0) {
        if (packet.length - at < LENGTH_BYTES) throw new PacketLost(`half a length of message ${this.#next}`)
        this.#lacking = packet.readUInt32LE(at)
        at += LENGTH_BYTES
      }
      const piece = packet.subarray(at, at + this.#lacking)
      at += piece.length
      this.#lacking -= piece.length
      if (this.#lacking > 0) this.#keep(piece)
      else this.#complete(piece, deliver)
    }
  }

  #keep(piece: Buffer): void {
    this.#bytes += piece.length
    if (this.#bytes > this.maxMessageBytes + this.#added)
      throw new PacketLost(`message ${this.#next} is longer than allowed`)
    this.#pieces.push(Buffer.from(piece))
  }

  #follow({ message, flags }: PacketHeader): void {
    const continues = (flags & CONTINUES) !== 0
    if (message === this.#next && continues === this.#pieces.length > 0) return
    // the sender has learnt from us that these are on disk
    if (message <= this.#next || message > this.storedThrough + 1 || continues)
      throw new PacketLost(`message ${message} came where ${this.#next} was due`)
    this.#next = message
    this.#pieces = []
    this.#bytes = 0
  }

  #complete(end: Buffer, deliver: Deliver): void {
    const number = this.#next++
    const { length } = this.#pieces
    const bytes = length === 0 ? end : Buffer.concat([...this.#pieces, end])
    if (length > 0) this.#pieces = []
    this.#bytes = 0
    if (number > this.storedThrough) deliver(number, bytes)
  }
}

/** Of messages that begin with their fields. */
const splitting =
  (deliver: Deliver): Deliver =>
  (number, bytes) => {
    const split = splitFields(bytes)
    if (split === undefined) throw new PacketLost(`message ${number} has fields that are none`)
    deliver(number, split.message, split.fields)
  }
