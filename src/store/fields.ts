/** What is kept beside a message: an object, as JSON. On the wire it goes before its message, in the same bytes. */

/** The most bytes of it. */
export const MOST_FIELDS_BYTES = 32 * 1024
/** `u16`, of the JSON. */
const LENGTH_BYTES = 2
/** What it may add to a message. */
export const MOST_FIELDS_ADDED = LENGTH_BYTES + MOST_FIELDS_BYTES

export type Fields = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * As JSON.
 *
 * @throws {TypeError} no object, or one that JSON cannot say
 * @throws {RangeError} more than 32 KiB
 */
export function encodeFields(fields: unknown): string {
  if (!isObject(fields)) throw new TypeError(`fields: expected an object, got ${String(fields)}`)
  // undefined for a toJSON that gives none
  const text = JSON.stringify(fields) as string | undefined
  if (text === undefined || !text.startsWith('{')) throw new TypeError('fields: JSON makes no object of it')
  const length = Buffer.byteLength(text)
  if (length > MOST_FIELDS_BYTES)
    throw new RangeError(`fields: expected at most ${MOST_FIELDS_BYTES} bytes of JSON, got ${length}`)
  return text
}

/** @param fields what `encodeFields` gave */
export function withFields(message: Buffer, fields: string): Buffer {
  const text = Buffer.from(fields)
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt16LE(text.length)
  return Buffer.concat([length, text, message])
}

/** Undefined for bytes that are not what `withFields` gives. */
export function splitFields(bytes: Buffer): { fields: string; message: Buffer } | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined
  const end = LENGTH_BYTES + bytes.readUInt16LE(0)
  if (bytes.length < end || end > MOST_FIELDS_ADDED) return undefined
  const fields = bytes.toString('utf8', LENGTH_BYTES, end)
  return isLineOfObject(fields) ? { fields, message: bytes.subarray(end) } : undefined
}

/** On one line, and nothing but an object: whatever a sender writes stays within the record that is made of it. */
function isLineOfObject(json: string): boolean {
  if (/[\r\n]/.test(json)) return false
  try {
    return isObject(JSON.parse(json))
  } catch {
    return false
  }
}
