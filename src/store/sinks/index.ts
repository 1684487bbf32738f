/** All sinks, by the scheme of `--to`. One more is a file and a line here. The first is meant where no scheme is given. */
import { natsSink, tlsSink } from './nats.js'
import { ndjsonSink } from './ndjson.js'
import type { SinkKind } from './sink.js'
import { sqliteSink } from './sqlite.js'
import { textSink } from './text.js'

export const sinks = {
  ndjson: ndjsonSink,
  text: textSink,
  sqlite: sqliteSink,
  nats: natsSink,
  tls: tlsSink,
} satisfies Record<string, SinkKind>

export type Scheme = keyof typeof sinks
