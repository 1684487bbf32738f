/** `--to`: which file, and in which format. */

/** Where messages go. */
export interface SinkAddress {
  format: 'ndjson' | 'text'
  path: string
}

/**
 * Reads `FILE` or `text:FILE`.
 *
 * @throws {TypeError} another scheme, or no file. A file whose name has a colon is written `./a:b`
 */
export function parseSink(name: string, sink: unknown): SinkAddress {
  if (typeof sink !== 'string' || sink === '') throw expected(name, sink)
  const scheme = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(sink)
  if (scheme === null) return { format: 'ndjson', path: sink }
  if (scheme[1] !== 'text' || scheme[2] === '') throw expected(name, sink)
  return { format: 'text', path: scheme[2] as string }
}

const expected = (name: string, sink: unknown): TypeError =>
  new TypeError(
    `${name}: expected FILE or text:FILE, got ${typeof sink === 'string' ? JSON.stringify(sink) : String(sink)}`,
  )
