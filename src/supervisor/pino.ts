/** The packages that make log lines. While they are loaded `process.stderr` is made; it shall be ours. */
import '../libc/launcher-streams.js'
import pino from 'pino'

export default pino
export type { LogFn, Logger } from 'pino'
export { prettyFactory } from 'pino-pretty'
