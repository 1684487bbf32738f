/** Log lines for people. Loaded where they are wanted: the package is two dozen files, which cost a start thirty milliseconds. */
import { isatty } from 'node:tty'
import { prettyFactory } from 'pino-pretty'
import type { FormatLine } from './log.js'

/** Local date and time, level, sentence and fields in a line, coloured on a terminal. */
export const prettyLines = (): FormatLine =>
  prettyFactory({
    // not of process.stderr, which would be made by that, and set O_NONBLOCK for all who share the descriptor
    colorize: isatty(2),
    ignore: 'pid',
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l',
    singleLine: true,
  }) as FormatLine
