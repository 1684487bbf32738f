/** What a program may say of each message before it is stored. */
import { encodeFields, type Fields } from './fields.js'

/** A message that is not stored. */
export class Refusal {
  constructor(readonly reason: string) {}
}

/**
 * What `accept` returns for a message that is not to be stored. Its sender is answered `error: REASON`.
 *
 * @param reason one line; control characters are replaced by blanks
 * @throws {TypeError} no text, or none in it
 */
export function refuse(reason: string): Refusal {
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new TypeError(`refuse: expected a reason, got ${JSON.stringify(reason)}`)
  return new Refusal(reason)
}

export interface Hooks<Client> {
  accept?: ((message: Buffer, connection: Client) => Uint8Array | string | Refusal) | undefined
  transform?: ((message: Buffer, connection: Client) => Uint8Array) | undefined
  fields?: ((message: Buffer, connection: Client) => object | undefined) | undefined
}

/** What is done with a message of a client: what is stored, or what its sender is told instead. */
export type Verdict =
  | { readonly message: Buffer; readonly fields?: string | undefined }
  | { readonly error: string /** A failure of the program's, for the log. */; readonly failure?: string }

export type Judge<Client> = (message: Buffer, connection: Client) => Verdict

export interface JudgeTerms {
  maxMessageBytes: number
  /** A message with a newline would be more than one. */
  oneLine: boolean
}

const NEWLINE = 0x0a

const oneLineOf = (text: string): string => text.replace(/\p{Cc}+/gu, ' ')

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array

/** A copy: it may be changed after. */
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes)

/** Where nothing is asked. */
export const acceptAll: Judge<unknown> = (message) => ({ message })

/** The same in a file of lines. */
export const acceptLines: Judge<unknown> = (message) =>
  message.includes(NEWLINE)
    ? { error: 'error: not stored: a message with a newline is more than one line of a text: file' }
    : { message }

/** `accept` first; what it gives goes to `fields`, and then to `transform`, which gives what is stored. */
export function judgeBy<Client>({ accept, transform, fields }: Hooks<Client>, terms: JudgeTerms): Judge<Client> {
  const { maxMessageBytes, oneLine } = terms
  const fits = (message: Buffer): void => {
    if (message.length > maxMessageBytes) throw new RangeError(`${message.length} bytes, more than ${maxMessageBytes}`)
    if (oneLine && message.includes(NEWLINE)) throw new TypeError('a newline, in a message for a text: file')
  }
  return (given, connection) => {
    let at = 'accept'
    try {
      const accepted = accept === undefined ? given : accept(given, connection)
      if (accepted instanceof Refusal) return { error: `error: ${oneLineOf(accepted.reason)}` }
      if (typeof accepted !== 'string' && !isBytes(accepted))
        throw new TypeError(`expected bytes, a text, or refuse(), got ${whatIs(accepted)}`)
      const message = typeof accepted === 'string' ? Buffer.from(accepted) : bufferOf(accepted)
      fits(message)
      at = 'fields'
      const found: unknown = fields?.(message, connection)
      if (found instanceof Promise) throw new TypeError(`expected an object, got ${whatIs(found)}`)
      const json = found === undefined ? undefined : encodeFields(found as Fields)
      at = 'transform'
      const transformed: unknown = transform === undefined ? message : transform(message, connection)
      if (!isBytes(transformed)) throw new TypeError(`expected bytes, got ${whatIs(transformed)}`)
      const stored = transform === undefined ? message : bufferOf(transformed)
      fits(stored)
      return { message: stored, fields: json }
    } catch (error) {
      return { error: `error: not stored: ${at} failed`, failure: `${at} failed: ${oneLineOf(String(error))}` }
    }
  }
}

/** What a program gave, in an error. */
function whatIs(value: unknown): string {
  if (!(value instanceof Promise)) return value === null ? 'null' : typeof value
  // else it would end the process, with all its clients
  value.catch(() => {})
  return 'a promise: it is not waited for'
}
