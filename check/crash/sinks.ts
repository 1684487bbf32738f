/** The sinks that are tried, by what results call them. */

export interface TriedSink {
  /** As for --to. */
  to(path: string): string
  readonly args: readonly string[]
}

const tried = {
  ndjson: { to: (path) => path, args: [] },
  text: { to: (path) => `text:${path}`, args: [] },
  segments: { to: (path) => path, args: ['--rotate-size', '16k'] },
  sqlite: { to: (path) => `sqlite:${path}`, args: [] },
} satisfies Record<string, TriedSink>

export type SinkName = keyof typeof tried

export const sinkNames = Object.keys(tried) as SinkName[]
export const sinkOf = (name: SinkName): TriedSink => tried[name]
