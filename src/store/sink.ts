/** `--to`: which file, and in which format. */
import { type FormatName, formats } from './file/formats/index.js'

/** Where messages go. */
export interface SinkAddress {
  format: FormatName
  path: string
}

const [unnamed, ...named] = Object.keys(formats) as [FormatName, ...FormatName[]]

/** How a sink may be written: `FILE`, `text:FILE`. */
export const SINKS: readonly string[] = ['FILE', ...named.map((name) => `${name}:FILE`)]

/**
 * Reads `FILE` or `text:FILE`.
 *
 * @throws {TypeError} another scheme, no file, or `-`: standard output is no file. One whose name has a colon is written `./a:b`
 */
export function parseSink(name: string, sink: unknown): SinkAddress {
  if (typeof sink !== 'string' || sink === '') throw expected(name, sink)
  if (/^(?:[a-z]+:)?-$/.test(sink))
    throw expected(name, sink, ': messages are stored in files only; one of that name is ./-')
  const scheme = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(sink)
  if (scheme === null) return { format: unnamed, path: sink }
  const format = named.find((candidate) => candidate === scheme[1])
  if (format === undefined || scheme[2] === '') throw expected(name, sink)
  return { format, path: scheme[2] as string }
}

const expected = (name: string, sink: unknown, more = ''): TypeError =>
  new TypeError(
    `${name}: expected ${SINKS.join(' or ')}, got ${typeof sink === 'string' ? JSON.stringify(sink) : String(sink)}${more}`,
  )
