/** One NDJSON record: a message with where it came from, when, and a checksum. */
import { isUtf8 } from 'node:buffer'
import { crc32 } from 'node:zlib'
import type { GrowingBuffer } from '../connection/growing-buffer.js'
import type { Fields } from '../fields.js'
import { isPlainText, putHex8, putNumber, putPlain, putText } from './plain-text.js'

/** What a record says of its message. */
export interface RecordHead {
  /** Counts the messages of the file from 1. */
  seq: number
  /** Number of the first record of its batch: all before that was on disk when this was written. Left out where it is its own. */
  batch?: number
  /** When the writer took it: ISO 8601, milliseconds, UTC. */
  time: string
  /** `RUN-COUNTER`: the server's run and the connection in it. */
  connection: string
  /** Counts the messages of the connection from 1. */
  n: number
  /** `127.0.0.1:51234` */
  peer: string
}

export interface MessageRecord extends RecordHead {
  /** What its server kept beside it. */
  fields?: Fields
  message: Buffer
}

/** As JSON has it: one of the two messages is there. */
interface Json extends RecordHead {
  fields?: Fields
  message?: string
  messageBase64: string
  crc32: string
}

/** Bytes of `,"crc32":"01234567"}`, which ends every record. */
const SUFFIX_BYTES = 20
const SUFFIX = /^,"crc32":"([0-9a-f]{8})"\}$/

/** Beside the message and the names in it: what is fixed, and five numbers. */
const MOST_AROUND_BYTES = 256

/**
 * Adds a record and its newline. The checksum is the CRC-32 of the line's bytes before its own field.
 *
 * @param fields a JSON object
 */
export function addRecord(target: GrowingBuffer, head: RecordHead, message: Buffer, fields?: string): void {
  const from = target.length
  target.reserve(MOST_AROUND_BYTES + head.connection.length + head.peer.length + message.length)
  const plain = fields === undefined ? putPlainRecord(target.bytes, from, head, message) : -1
  if (plain < 0) addAnyRecord(target, head, message, fields)
  else target.length = plain
  const sum = crc32(target.bytes.subarray(from, target.length))
  target.reserve(SUFFIX_BYTES + 1)
  const { bytes, length } = target
  target.length = putText(bytes, putHex8(bytes, putText(bytes, length, ',"crc32":"'), sum), '"}\n')
}

/** What most messages are, all of it plain text. Returns where it ends, or -1: then nothing was written. */
function putPlainRecord(bytes: Buffer, from: number, head: RecordHead, message: Buffer): number {
  const { seq, batch = seq, time, connection, n, peer } = head
  if (!isPlainText(peer)) return -1
  let at = putNumber(bytes, putText(bytes, from, '{"seq":'), seq)
  if (batch !== seq) at = putNumber(bytes, putText(bytes, at, ',"batch":'), batch)
  at = putText(bytes, putText(bytes, at, ',"time":"'), time)
  at = putText(bytes, putText(bytes, at, '","connection":"'), connection)
  at = putNumber(bytes, putText(bytes, at, '","n":'), n)
  at = putText(bytes, putText(bytes, at, ',"peer":"'), peer)
  at = putPlain(bytes, putText(bytes, at, '","message":"'), message)
  return at < 0 ? -1 : putText(bytes, at, '"')
}

function addAnyRecord(target: GrowingBuffer, head: RecordHead, message: Buffer, fields: string | undefined): void {
  const { seq, batch = seq, time, connection, n, peer } = head
  // JSON holds text only: other bytes go as base64, so that every message comes back exactly
  const body = isUtf8(message)
    ? `"message":${JSON.stringify(message.toString('utf8'))}`
    : `"messageBase64":"${message.toString('base64')}"`
  target.addText(
    `{"seq":${seq},${batch === seq ? '' : `"batch":${batch},`}"time":"${time}","connection":"${connection}","n":${n},"peer":${JSON.stringify(peer)},${fields === undefined ? '' : `"fields":${fields},`}${body}`,
  )
}

/** Reports whether a line without its newline is a whole record. */
export function isWhole(line: Buffer): boolean {
  if (line.length < SUFFIX_BYTES || line[0] !== 0x7b) return false
  const sum = SUFFIX.exec(line.toString('latin1', line.length - SUFFIX_BYTES))?.[1]
  return sum !== undefined && Number.parseInt(sum, 16) === crc32(line.subarray(0, line.length - SUFFIX_BYTES))
}

/** Reads a line without its newline; undefined when it is damaged. */
export function decodeRecord(line: Buffer): MessageRecord | undefined {
  if (!isWhole(line)) return undefined
  try {
    const { message, messageBase64, crc32: _sum, ...head } = JSON.parse(line.toString('utf8')) as Json
    return { ...head, message: message === undefined ? Buffer.from(messageBase64, 'base64') : Buffer.from(message) }
  } catch {
    return undefined
  }
}
