/** A message of a store, as programs get it. */
import type { Fields } from '../fields.js'
import type { Format } from '../file/format.js'
import type { Line } from '../file/reader.js'

/** With what its record says; that is undefined for `text:` files. */
export interface StoredMessage {
  /** Its bytes, without the newline. */
  readonly message: Buffer
  /** Counts the messages of the store from 1. */
  readonly sequence: number | undefined
  /** When the writer took it. */
  readonly at: Date | undefined
  /** The server's run and the connection in it. */
  readonly connection: string | undefined
  /** Counts the messages of the connection from 1. */
  readonly n: number | undefined
  /** The client's address. */
  readonly peer: string | undefined
  /** What its server kept beside it; undefined where that is nothing. */
  readonly fields: Fields | undefined
  /** To be given as `after` by whoever has dealt with this message and wants the next one. */
  readonly offset: string
}

const NOTHING = {
  sequence: undefined,
  at: undefined,
  connection: undefined,
  n: undefined,
  peer: undefined,
  fields: undefined,
}

export type Content = Omit<StoredMessage, 'offset'>

/** What a line says; undefined when it is damaged. */
export function contentOf({ bytes }: Line, format: Format): Content | undefined {
  if (format.decode === undefined) return { ...NOTHING, message: Buffer.from(bytes) }
  const record = format.decode(bytes)
  if (record === undefined) return undefined
  const { seq, time, connection, n, peer, fields, message } = record
  return { sequence: seq, at: new Date(time), connection, n, peer, fields, message }
}
