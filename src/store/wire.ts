/** What travels between connection processes and the writer: packets, registrations, acknowledgements. Little-endian. */
import { PIPE_BUF } from '../libc/constants.js'

/**
 * A packet: one write(2) of at most PIPE_BUF bytes to a pipe in packet mode, so the kernel neither splits nor mixes it.
 *
 * `u32 connection, u32 epoch, u48 message, u16 flags`, then a piece of the connection's stream of lines.
 */
export const HEADER_BYTES = 16
export const PAYLOAD_BYTES = PIPE_BUF - HEADER_BYTES
/** The stream ends with this packet, and its last line has no newline. */
export const UNTERMINATED = 1
/** The packet goes on with a line that an earlier one began. */
export const CONTINUES = 2

export interface PacketHeader {
  connection: number
  /** Registrations of this connection so far: packets of an earlier one are stale. */
  epoch: number
  /** Number of the first message that the packet has bytes of; a connection's messages count from 1. */
  message: number
  flags: number
}

export function writeHeader(packet: Buffer, { connection, epoch, message, flags }: PacketHeader): void {
  packet.writeUInt32LE(connection, 0)
  packet.writeUInt32LE(epoch, 4)
  packet.writeUIntLE(message, 8, 6)
  packet.writeUInt16LE(flags, 14)
}

export const readHeader = (packet: Buffer): PacketHeader => ({
  connection: packet.readUInt32LE(0),
  epoch: packet.readUInt32LE(4),
  message: packet.readUIntLE(8, 6),
  flags: packet.readUInt16LE(14),
})

/** How a connection introduces itself to the writer; the write end of its acknowledgement pipe is attached. */
export interface Registration {
  connection: number
  epoch: number
  pid: number
  /** Messages whose fate it knows; the stream goes on after them. */
  acknowledged: number
  peer: string
}

export const REGISTRATION_MAX_BYTES = 512

export function encodeRegistration({ connection, epoch, pid, acknowledged, peer }: Registration): Buffer {
  const name = Buffer.from(peer)
  const bytes = Buffer.alloc(18 + name.length)
  bytes.writeUInt32LE(connection, 0)
  bytes.writeUInt32LE(epoch, 4)
  bytes.writeUInt32LE(pid, 8)
  bytes.writeUIntLE(acknowledged, 12, 6)
  name.copy(bytes, 18)
  return bytes
}

export const decodeRegistration = (bytes: Buffer): Registration => ({
  connection: bytes.readUInt32LE(0),
  epoch: bytes.readUInt32LE(4),
  pid: bytes.readUInt32LE(8),
  acknowledged: bytes.readUIntLE(12, 6),
  peer: bytes.toString('utf8', 18),
})

/** An acknowledgement: `u48 through, u16 errno`. Speaks for every message up to `through` that none spoke for before. */
export const ACK_BYTES = 8

/** @param errno why the messages are not stored; 0 when they are on disk */
export function writeAck(target: Buffer, at: number, through: number, errno: number): number {
  target.writeUIntLE(through, at, 6)
  return target.writeUInt16LE(errno, at + 6)
}
