/** Where the messages of an import come from, and where one that was interrupted goes on: the last record of its sink says that. */
import { randomBytes } from 'node:crypto'
import type { Format } from '../file/format.js'
import { damageIn } from '../file/reader.js'
import type { MessageRecord } from '../file/record.js'
import { StoreError } from '../file/store-error.js'
import type { SinkAddress } from '../sinks/parse.js'
import type { Origin } from './importer.js'

/** A line may be so long: what a store may be told to take from a client. */
const MOST_BYTES = 16 * 1024 * 1024
const NEWLINE = 0x0a
/** As a server names its connections; these are of no server. */
const IMPORT = /^[0-9a-f]{8}-import$/

export interface Imported {
  origin: Origin
  message: Buffer
  /** A JSON object. */
  fields?: string | undefined
}

/** The last record of a sink; undefined when it has none. @throws {StoreError} where records do not say whose they are */
export function lastRecord({ kind, place }: SinkAddress): MessageRecord | undefined {
  const { decode }: Format = kind.format
  if (decode === undefined)
    throw new StoreError(`${place}: where an import was interrupted is known of records only, not of ${kind.form}`)
  const reader = kind.read(place, { last: 1, changed: () => {} })
  try {
    let last: MessageRecord | undefined
    for (const { bytes } of reader.read()) last = decode(bytes) ?? last
    return last
  } finally {
    reader.close()
  }
}

/**
 * Lines as bytes, each without its newline; what comes after the last newline is one, too.
 *
 * @param last goes on behind the line that this record of an earlier import is of
 * @throws {RangeError} a line that is too long
 * @throws {StoreError} when it is not of an import of lines
 */
export async function* linesOf(
  input: AsyncIterable<Buffer>,
  last: MessageRecord | undefined,
): AsyncGenerator<Imported, void, undefined> {
  if (last !== undefined && !IMPORT.test(last.connection))
    throw new StoreError(`the last record, ${last.seq}, is not of an import of lines but of ${last.connection}`)
  const connection = last?.connection ?? `${randomBytes(4).toString('hex')}-import`
  const skipped = last?.n ?? 0
  let n = 0
  let pieces: Buffer[] = []
  let bytes = 0
  const take = function* (piece: Buffer): Generator<Imported> {
    const message = pieces.length === 0 ? piece : Buffer.concat([...pieces, piece])
    pieces = []
    bytes = 0
    if (++n > skipped) yield { origin: { time: new Date().toISOString(), connection, n, peer: '' }, message }
  }
  for await (const chunk of input) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield* take(chunk.subarray(from, end))
      from = end + 1
    }
    if (from === chunk.length) continue
    pieces.push(Buffer.from(chunk.subarray(from)))
    bytes += chunk.length - from
    if (bytes > MOST_BYTES) throw new RangeError(`line ${n + 1} is longer than ${MOST_BYTES} bytes`)
  }
  if (bytes > 0) yield* take(Buffer.of())
}

/**
 * The messages of another store, with what its records say, but numbered anew.
 *
 * @param last goes on behind the one that this record is of
 * @throws {StoreError} a damaged record; bare lines, which are imported as such; when the store has nothing like `last`
 */
export function* messagesOf(
  { kind, place }: SinkAddress,
  last: MessageRecord | undefined,
): Generator<Imported, void, undefined> {
  const { decode }: Format = kind.format
  if (decode === undefined) throw new StoreError(`${place}: bare lines are imported from standard input: < ${place}`)
  const reader = kind.read(place, { changed: () => {} })
  let found = last === undefined
  try {
    for (const line of reader.read()) {
      const record = decode(line.bytes)
      if (record === undefined) throw new StoreError(`${place}: ${damageIn(line)}`)
      const { time, connection, n, peer, message, fields } = record
      if (found) yield { origin: { time, connection, n, peer }, message, fields: fields && JSON.stringify(fields) }
      else found = connection === last?.connection && n === last.n && time === last.time
    }
    if (!found)
      throw new StoreError(
        `${place}: has nothing like the last record of the other one: message ${last?.n} of ${last?.connection}`,
      )
  } finally {
    reader.close()
  }
}
