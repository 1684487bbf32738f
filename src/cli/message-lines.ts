/** How `tined messages` prints a line of a store's file. */
import { isUtf8 } from 'node:buffer'
import { readable } from '../store/file/readable.js'
import type { Line } from '../store/file/reader.js'
import type { MessageRecord } from '../store/file/record.js'
import { padded, paddedLeft } from './text-width.js'

export interface MessageFilter {
  /** Text that the peer's address has. */
  peer: string | undefined
  /** The earliest time, in the records' own form: compared as text. */
  since: string | undefined
}

const NUMBER_WIDTH = 7
/** Width of `127.0.0.1:65535` and of most connections. */
const PEER_WIDTH = 21
const CONNECTION_WIDTH = 12

/**
 * Prints records; the result returns false for a damaged one.
 *
 * @param decode reads one; undefined when it is damaged
 */
export const recordPrinter =
  (
    decode: (line: Buffer) => MessageRecord | undefined,
    { peer: wanted, since }: MessageFilter,
    json: boolean,
    out: (text: string) => void,
  ) =>
  ({ bytes }: Line): boolean => {
    const record = decode(bytes)
    if (record === undefined) return false
    const { seq, time, peer, connection, message, fields } = record
    if (wanted !== undefined && !peer.includes(wanted)) return true
    if (since !== undefined && time < since) return true
    const kept = fields === undefined ? '' : `  ${readable(Buffer.from(JSON.stringify(fields)))}`
    if (json) out(`${bytes.toString('utf8')}\n`)
    else
      out(
        `${paddedLeft(String(seq), NUMBER_WIDTH)}  ${time}  ${padded(readable(Buffer.from(peer)), PEER_WIDTH)}  ` +
          `${padded(connection, CONNECTION_WIDTH)}  ${readable(message)}${kept}\n`,
      )
    return true
  }

/** What records say and bare lines do not: JSON has one shape whatever the file. */
const UNKNOWN = { time: null, connection: null, n: null, peer: null }

/** Prints bare lines, numbered as a store's records would be. */
export const textPrinter =
  (json: boolean, out: (text: string) => void) =>
  ({ bytes, number }: Line): boolean => {
    const message = isUtf8(bytes) ? { message: bytes.toString('utf8') } : { messageBase64: bytes.toString('base64') }
    out(
      json
        ? `${JSON.stringify({ seq: number, ...UNKNOWN, ...message })}\n`
        : `${paddedLeft(String(number), NUMBER_WIDTH)}  ${readable(bytes)}\n`,
    )
    return true
  }
