/** The package that makes log lines. While it is loaded `process.stderr` is made; it shall be ours. */
import '../libc/launcher-streams.js'
import pino from 'pino'

export default pino
export type { LogFn, Logger } from 'pino'
