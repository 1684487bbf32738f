/**
 * What travels on the one socket between a worker and the writer: packets of frames, many connections in each. Little-endian.
 *
 * A frame: `u32 connection, u16 kind, u16 length`, and so many bytes.
 */
export const FRAME_BYTES = 8
export const FRAMES_BYTES = 16_384

/** To the writer: a connection that it has yet to know. Its bytes are a registration. */
export const OPENS = 1
/** A packet of the connection. To the worker: acknowledgements. */
export const CARRIES = 2
/** There is no such connection any more. */
export const CLOSES = 3

export interface Frame {
  connection: number
  kind: number
  /** Where its bytes are. */
  from: number
  to: number
}

export function writeFrame(target: Buffer, at: number, connection: number, kind: number, length: number): number {
  target.writeUInt32LE(connection, at)
  target.writeUInt16LE(kind, at + 4)
  return target.writeUInt16LE(length, at + 6)
}

/** Undefined where no whole frame is. */
export function readFrame(bytes: Buffer, at: number, end: number): Frame | undefined {
  const from = at + FRAME_BYTES
  if (from > end) return undefined
  const to = from + bytes.readUInt16LE(at + 6)
  if (to > end) return undefined
  return { connection: bytes.readUInt32LE(at), kind: bytes.readUInt16LE(at + 4), from, to }
}
