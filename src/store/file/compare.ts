/** Bytes that were read, and bytes that are there now. */

const NEWLINE = 0x0a

/** How many bytes are the same from the beginning on. */
export function commonLength(one: Buffer, other: Buffer): number {
  const length = Math.min(one.length, other.length)
  if (one.subarray(0, length).equals(other.subarray(0, length))) return length
  let same = 0
  while (one[same] === other[same]) same++
  return same
}

export function countNewlines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}
