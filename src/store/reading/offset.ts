/** Where somebody who reads a store has come to, as a text that can be kept. */

export interface Place {
  /** Of the file; it keeps it when it is moved. */
  readonly inode: number
  /** Where the next record begins there. */
  readonly byte: number
  /** Of the last record before that; 0 where the format has no numbers. */
  readonly sequence: number
}

export const formatOffset = ({ inode, byte, sequence }: Place): string => `${inode}:${byte}:${sequence}`

/** @throws {TypeError} when `text` is no offset that a record had */
export function parseOffset(name: string, text: unknown): Place {
  const numbers = typeof text === 'string' && /^(\d{1,15}):(\d{1,15}):(\d{1,15})$/.exec(text)
  if (!numbers)
    throw new TypeError(`${name}: expected the offset of a record, like "1311:8192:40", got ${JSON.stringify(text)}`)
  const [, inode, byte, sequence] = numbers.map(Number)
  return { inode: inode as number, byte: byte as number, sequence: sequence as number }
}
