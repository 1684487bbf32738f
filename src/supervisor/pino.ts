/** The packages that make log lines. While they are loaded `process.stderr` is made; it shall be ours. */
import '../libc/launcher-streams.js'
import { createRequire } from 'node:module'
import pino from 'pino'
import type { PrettyOptions } from 'pino-pretty'

export default pino
export type { LogFn, Logger } from 'pino'

interface PinoPretty {
  prettyFactory(options: PrettyOptions): (line: string) => string
}

/** Makes lines for people. Loaded when it is wanted: it takes 30 files. */
export function prettyFactory(options: PrettyOptions): (line: string) => string {
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as PinoPretty
  return prettyFactory(options)
}
