/** The options of `connection.lines()`. */
const ENCODINGS = ['utf8', 'latin1', 'ascii'] as const

export interface LineOptions {
  /**
   * The longest line, without its end, in bytes.
   * @default 65536
   */
  maxBytes?: number | undefined
  /**
   * What bytes mean. What is not UTF-8 becomes U+FFFD.
   * @default 'utf8'
   */
  encoding?: 'utf8' | 'latin1' | 'ascii' | undefined
  /**
   * How long a line may take from its first byte to its end while it is waited for, in milliseconds; 0 for ever.
   * @default 0
   */
  timeoutMs?: number | undefined
}

const DEFAULT_MAX_BYTES = 64 * 1024

/** @throws {TypeError} {RangeError} bad options */
export function checkLineOptions({
  maxBytes = DEFAULT_MAX_BYTES,
  encoding = 'utf8',
  timeoutMs = 0,
  ...unknown
}: LineOptions) {
  for (const name of Object.keys(unknown))
    throw new TypeError(`${name}: no such option of lines(); expected maxBytes, encoding or timeoutMs`)
  if (!Number.isInteger(maxBytes) || maxBytes < 1)
    throw new RangeError(`maxBytes: expected a whole number of bytes from 1, got ${String(maxBytes)}`)
  if (!ENCODINGS.includes(encoding))
    throw new TypeError(`encoding: expected ${ENCODINGS.join(' or ')}, got ${String(encoding)}`)
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0))
    throw new RangeError(`timeoutMs: expected milliseconds, got ${String(timeoutMs)}`)
  return { maxBytes, encoding, timeoutMs }
}
