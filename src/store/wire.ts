/** What travels between connection processes and the writer: registrations, packets, acknowledgements. Little-endian. */

/**
 * A packet: one write(2) to the connection's own socket, which keeps its boundaries. It says nothing of who sends it: that is known by
 * the socket.
 *
 * `u48 message, u16 flags`, then a piece of the connection's stream of lines.
 */
export const HEADER_BYTES = 8
export const PACKET_BYTES = 4096
export const PAYLOAD_BYTES = PACKET_BYTES - HEADER_BYTES
/** The stream ends with this packet, and its last line has no newline. */
export const UNTERMINATED = 1
/** The packet goes on with a message that an earlier one began. */
export const CONTINUES = 2
/** Not lines: each message has its length before it, `u32`. */
export const LENGTHS = 4
export const LENGTH_BYTES = 4
/** With LENGTHS: each message begins with its fields, a JSON object with their length before it, `u16`; they count as bytes of the message. */
export const FIELDS = 8

/** How durable the messages are wanted, as its code; 0 for what the writer's option says. */
const WANTED_SHIFT = 8
const WANTED_MASK = 7

export const wantedFlag = (code: number): number => code << WANTED_SHIFT
export const wantedOf = (flags: number): number => (flags >> WANTED_SHIFT) & WANTED_MASK

export interface PacketHeader {
  /** Number of the first message that the packet has bytes of; a connection's messages count from 1. */
  message: number
  flags: number
}

/** Returns where it ends. */
export function writeHeader(packet: Buffer, { message, flags }: PacketHeader, at = 0): number {
  return packet.writeUInt16LE(flags, packet.writeUIntLE(message, at, 6))
}

export const readHeader = (packet: Buffer): PacketHeader => ({
  message: packet.readUIntLE(0, 6),
  flags: packet.readUInt16LE(6),
})

/** How a connection comes to the writer, with one end of its socket attached. Which process it is the kernel tells. */
export interface Registration {
  /** Messages whose fate it knows; the stream goes on after them. */
  acknowledged: number
  /** Which of its connections this is, and who the client: believed of a worker, which has many. Of a process of one the supervisor tells. */
  connection: number
  peer: string
  /** Whether it wants to know the sequence number of each of its messages. */
  wantsSequences: boolean
  /** Whether it is a process that appends, and does not know which connection it serves. */
  unnumbered: boolean
  /** Whether it is a worker, whose connections share the socket: frames.ts. */
  shared: boolean
}

const WANTS_SEQUENCES = 1
const UNNUMBERED = 2
const SHARED = 4

const REGISTRATION_BYTES = 11
export const REGISTRATION_MAX_BYTES = 512

export function encodeRegistration(registration: Registration): Buffer {
  const { acknowledged, connection, peer, wantsSequences, unnumbered, shared } = registration
  const name = Buffer.from(peer)
  const bytes = Buffer.alloc(REGISTRATION_BYTES + name.length)
  bytes.writeUIntLE(acknowledged, 0, 6)
  bytes.writeUInt32LE(connection, 6)
  bytes.writeUInt8((wantsSequences ? WANTS_SEQUENCES : 0) | (unnumbered ? UNNUMBERED : 0) | (shared ? SHARED : 0), 10)
  name.copy(bytes, REGISTRATION_BYTES)
  return bytes
}

/** Undefined for bytes that are none. */
export const decodeRegistration = (bytes: Buffer): Registration | undefined =>
  bytes.length < REGISTRATION_BYTES
    ? undefined
    : {
        acknowledged: bytes.readUIntLE(0, 6),
        connection: bytes.readUInt32LE(6),
        wantsSequences: (bytes.readUInt8(10) & WANTS_SEQUENCES) !== 0,
        unnumbered: (bytes.readUInt8(10) & UNNUMBERED) !== 0,
        shared: (bytes.readUInt8(10) & SHARED) !== 0,
        peer: bytes.toString('utf8', REGISTRATION_BYTES),
      }

/** An acknowledgement: `u48 through, u12 errno, u4 durability`. Speaks for every message up to `through` that none spoke for before. */
export const ACK_BYTES = 8
const ERRNO_MASK = 0xfff
const REACHED_SHIFT = 12

/**
 * @param errno why the messages are not stored; 0 when they are
 * @param reached code of how durable they are
 */
export function writeAck(target: Buffer, at: number, through: number, errno: number, reached = 0): number {
  target.writeUIntLE(through, at, 6)
  return target.writeUInt16LE((errno & ERRNO_MASK) | (reached << REACHED_SHIFT), at + 6)
}

export interface Ack {
  through: number
  errno: number
  /** Code of how durable the messages are. */
  reached: number
}

export function readAck(bytes: Buffer, at: number): Ack {
  const word = bytes.readUInt16LE(at + 6)
  return { through: bytes.readUIntLE(at, 6), errno: word & ERRNO_MASK, reached: word >> REACHED_SHIFT }
}

/** To whom wants sequences: an acknowledgement, then `u48 time in ms, u48 sequence` of each message of it. */
export const SEQUENCE_BYTES = 6
export const DETAILED_BYTES = ACK_BYTES + 6

/** Sequence numbers of messages that were stored together, and when. */
export interface Sequences {
  /** Without any where that is not known. */
  sequences: readonly number[]
  /** As `Date.now()`; 0 where that is not known. */
  atMs: number
}

export function encodeDetailed(through: number, { sequences, atMs }: Sequences, reached: number): Buffer {
  const bytes = Buffer.alloc(DETAILED_BYTES + sequences.length * SEQUENCE_BYTES)
  writeAck(bytes, 0, through, 0, reached)
  bytes.writeUIntLE(atMs, ACK_BYTES, 6)
  for (const [index, sequence] of sequences.entries())
    bytes.writeUIntLE(sequence, DETAILED_BYTES + index * SEQUENCE_BYTES, 6)
  return bytes
}

export function decodeDetailed(bytes: Buffer): Sequences {
  const count = (bytes.length - DETAILED_BYTES) / SEQUENCE_BYTES
  const sequences = Array.from({ length: count }, (_, index) =>
    bytes.readUIntLE(DETAILED_BYTES + index * SEQUENCE_BYTES, 6),
  )
  return { sequences, atMs: bytes.readUIntLE(ACK_BYTES, 6) }
}
