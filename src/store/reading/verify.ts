/** Reads all of a store's file, and tells what does not hold in it. */
import { damageIn, type Line, placeOf } from '../file/reader.js'
import type { SinkAddress } from '../sinks/parse.js'

/** What was found in a file. */
export interface Verified {
  messages: number
  /** Bytes of the messages themselves. */
  bytes: number
  /** Number and time of the first and of the last record; undefined where there is none, or the format has none. */
  first: { sequence: number; time: string } | undefined
  last: { sequence: number; time: string } | undefined
  /** Of clients. */
  connections: number
  /** After the last newline: a server may be writing it. */
  incompleteBytes: number
  /** What does not hold; nothing when the file is as a server leaves it. */
  faults: number
}

/**
 * Checks each record: its checksum; that it has the number after the one before; that the messages of a connection are in their order, and
 * each there once; that a batch does not begin behind its records.
 *
 * @param tell gets each fault in words
 * @throws {Error} ENOENT, EACCES, …
 */
export function verify({ kind, place }: SinkAddress, tell: (words: string) => void): Verified {
  const { format } = kind
  const reader = kind.read(place, { changed: () => {} })
  const found: Verified = {
    ...{ messages: 0, bytes: 0, first: undefined, last: undefined },
    ...{ connections: 0, incompleteBytes: 0, faults: 0 },
  }
  const fault = (words: string): void => {
    found.faults++
    tell(words)
  }
  const misplaced = (line: Line, words: string): void => fault(`${placeOf(line)}: ${words}`)
  /** The last number of each connection: an entry of some 100 bytes for each. */
  const numbers = new Map<string, number>()
  try {
    for (const line of reader.read()) {
      if (!format.isWhole(line.bytes)) {
        fault(damageIn(line))
        continue
      }
      found.messages++
      const record = format.decode?.(line.bytes)
      found.bytes += record?.message.length ?? line.bytes.length
      if (record === undefined) continue
      const { seq, time, batch = seq, connection, n } = record
      const before = found.last?.sequence
      if (before !== undefined && seq !== before + 1) misplaced(line, `number ${seq} comes after ${before}`)
      if (batch > seq) misplaced(line, `number ${seq} is of a batch that begins with ${batch}`)
      const last = numbers.get(connection) ?? 0
      if (n <= last) misplaced(line, `message ${n} of connection ${connection} comes after its ${last}`)
      numbers.set(connection, n)
      found.first ??= { sequence: seq, time }
      found.last = { sequence: seq, time }
    }
    for (const words of reader.faults?.() ?? []) fault(words)
    found.connections = numbers.size
    found.incompleteBytes = reader.incompleteBytes
    return found
  } finally {
    reader.close()
  }
}
