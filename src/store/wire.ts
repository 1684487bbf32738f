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
/** The packet goes on with a line that an earlier one began. */
export const CONTINUES = 2

export interface PacketHeader {
  /** Number of the first message that the packet has bytes of; a connection's messages count from 1. */
  message: number
  flags: number
}

export function writeHeader(packet: Buffer, { message, flags }: PacketHeader): void {
  packet.writeUIntLE(message, 0, 6)
  packet.writeUInt16LE(flags, 6)
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
}

const REGISTRATION_BYTES = 10
export const REGISTRATION_MAX_BYTES = 512

export function encodeRegistration({ acknowledged, connection, peer }: Registration): Buffer {
  const name = Buffer.from(peer)
  const bytes = Buffer.alloc(REGISTRATION_BYTES + name.length)
  bytes.writeUIntLE(acknowledged, 0, 6)
  bytes.writeUInt32LE(connection, 6)
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
        peer: bytes.toString('utf8', REGISTRATION_BYTES),
      }

/** An acknowledgement: `u48 through, u16 errno`. Speaks for every message up to `through` that none spoke for before. */
export const ACK_BYTES = 8

/** @param errno why the messages are not stored; 0 when they are on disk */
export function writeAck(target: Buffer, at: number, through: number, errno: number): number {
  target.writeUIntLE(through, at, 6)
  return target.writeUInt16LE(errno, at + 6)
}
