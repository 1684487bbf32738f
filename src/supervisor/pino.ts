/** The package that makes log lines. */
import { createRequire } from 'node:module'
import type * as Pino from 'pino'
import { takeLauncherStreams } from '../libc/launcher-streams.js'

takeLauncherStreams()
// not by an import, which would be done before the line above: while it is loaded `process.stderr` is made
const pino = createRequire(import.meta.url)('pino') as typeof Pino

export default pino.pino
export type { LogFn, Logger } from 'pino'
