/** `--to`: which sink, and where. */
import { withoutLogin } from '../nats/login.js'
import { type Scheme, sinks } from './index.js'
import type { SinkKind } from './sink.js'

/** Where messages go. */
export interface SinkAddress {
  readonly scheme: Scheme
  readonly kind: SinkKind
  /** What stands behind the scheme: a file's path, `//host:4222/stream`. */
  readonly place: string
}

const [unnamed, ...named] = Object.keys(sinks) as [Scheme, ...Scheme[]]

/** How a sink may be written: `FILE`, `text:FILE`. */
export const SINKS: readonly string[] = Object.values(sinks).map(({ form }) => form)

/** `FILE, text:FILE or sqlite:FILE` */
export const either = (forms: readonly string[]): string => forms.join(', ').replace(/, (?=[^,]*$)/, ' or ')

/**
 * Reads `FILE` or `text:FILE`.
 *
 * @throws {TypeError} another scheme, no file, or `-`: standard output is no file. One whose name has a colon is written `./a:b`
 */
export function parseSink(name: string, sink: unknown): SinkAddress {
  if (typeof sink !== 'string' || sink === '') throw expected(name, sink)
  if (/^(?:[a-z]+:)?-$/.test(sink))
    throw expected(name, sink, ': messages are stored in files only; one of that name is ./-')
  const typed = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(sink)
  if (typed === null) return { scheme: unnamed, kind: sinks[unnamed], place: sink }
  const [, scheme, place] = typed
  const found = named.find((candidate) => candidate === scheme)
  if (found === undefined || place === undefined || place === '') throw expected(name, sink)
  const kind: SinkKind = sinks[found]
  kind.check?.(name, place)
  return { scheme: found, kind, place }
}

const expected = (name: string, sink: unknown, more = ''): TypeError =>
  new TypeError(
    `${name}: expected ${either(SINKS)}, got ${typeof sink === 'string' ? JSON.stringify(withoutLogin(sink)) : String(sink)}${more}`,
  )
