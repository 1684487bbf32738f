/**
 * How a batch's messages become bytes on their way to a database: what its columns get, with nothing to parse. No file has them. Little-endian:
 *
 * `u32 bytes in all, f64 seq, f64 n, u8 of the time, u16 of the connection, u16 of the peer, u32 of the fields, and 1; 0 for none`, then these,
 * the message, and a newline, as each record of a format has one.
 */
import type { Fields } from '../fields.js'
import type { Format } from '../file/format.js'

const SEQ = 4
const N = 12
const TIME = 20
const CONNECTION = 21
const PEER = 23
const FIELDS = 25
const HEAD_BYTES = 29
const NEWLINE = Buffer.from('\n')

const head = Buffer.alloc(HEAD_BYTES)

/** What is inserted. */
export interface LaidRow {
  readonly seq: number
  readonly time: string
  readonly connection: string
  readonly n: number
  readonly peer: string
  /** Valid as long as the bytes are. */
  readonly message: Buffer
  /** A JSON object. */
  readonly fields: string | undefined
  /** Where the next one begins. */
  readonly end: number
}

/** @param at where a row begins */
export function rowAt(bytes: Buffer, at: number): LaidRow {
  let from = at + HEAD_BYTES
  const text = (length: number): string => {
    from += length
    return bytes.toString('utf8', from - length, from)
  }
  const end = at + bytes.readUInt32LE(at)
  const time = text(bytes[at + TIME] as number)
  const connection = text(bytes.readUInt16LE(at + CONNECTION))
  const peer = text(bytes.readUInt16LE(at + PEER))
  const fieldsBytes = bytes.readUInt32LE(at + FIELDS)
  return {
    seq: bytes.readDoubleLE(at + SEQ),
    time,
    connection,
    n: bytes.readDoubleLE(at + N),
    peer,
    fields: fieldsBytes === 0 ? undefined : text(fieldsBytes - 1),
    message: bytes.subarray(from, end - NEWLINE.length),
    end,
  }
}

const isLaid = (line: Buffer): boolean =>
  line.length >= HEAD_BYTES && line.readUInt32LE(0) === line.length + NEWLINE.length

export const rowLayout: Format = {
  keepsFields: true,
  add(target, { seq, time, connection, n, peer }, message, fields) {
    const from = target.length
    target.add(head)
    let at = target.length
    const bytesOf = (text: string): number => {
      target.addText(text)
      const length = target.length - at
      at = target.length
      return length
    }
    head[TIME] = bytesOf(time)
    head.writeUInt16LE(bytesOf(connection), CONNECTION)
    head.writeUInt16LE(bytesOf(peer), PEER)
    head.writeUInt32LE(fields === undefined ? 0 : bytesOf(fields) + 1, FIELDS)
    target.add(message)
    target.add(NEWLINE)
    head.writeUInt32LE(target.length - from, 0)
    head.writeDoubleLE(seq, SEQ)
    head.writeDoubleLE(n, N)
    target.bytes.set(head, from)
  },
  isWhole: isLaid,
  mayBegin: () => true,
  seqOf: (line) => (isLaid(line) ? line.readDoubleLE(SEQ) : 0),
  decode(line) {
    if (!isLaid(line)) return undefined
    const { end: _end, fields, message, ...said } = rowAt(line, 0)
    const kept = fields === undefined ? {} : { fields: JSON.parse(fields) as Fields }
    return { ...said, ...kept, message: Buffer.from(message) }
  },
}
