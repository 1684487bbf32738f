/** The writing process: standard input to the server, half-close at its end. */

import { complain } from '../engine/output/complain.js'
import { SHUT_WR } from '../libc/constants.js'
import type { PosixError } from '../libc/posix-error.js'
import { shutdown } from '../libc/socket.js'
import { readSome, writeFully } from './transfer.js'

const BUFFER_BYTES = 256 * 1024
const NEWLINE = 10

/** Exit status of a writing process whose input could not be read; it has said so itself. No errno is as large. */
export const INPUT_FAILED = 255

/**
 * Sends until end of file. @returns the exit status: 0 when all was sent, the errno of write(2) when the server took no more
 *
 * @param lines each line with a write of its own; one longer than 256 KB goes in pieces
 */
export function send(input: number, socket: number, lines: boolean): number {
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  /** Bytes at the start of the buffer that wait for the end of their line. */
  let held = 0
  for (;;) {
    let count: number
    try {
      count = readSome(input, buffer.subarray(held))
    } catch (error) {
      complain(`tined: fatal: standard input: ${(error as Error).message}`)
      return INPUT_FAILED
    }
    const bytes = buffer.subarray(0, held + count)
    try {
      if (count === 0) {
        if (held > 0) writeFully(socket, bytes)
        shutdown(socket, SHUT_WR)
        return 0
      }
      const sent = lines ? sendLines(socket, bytes) : sendAll(socket, bytes)
      buffer.copyWithin(0, sent, bytes.length)
      held = bytes.length - sent
    } catch (error) {
      return -(error as PosixError).errno
    }
  }
}

function sendAll(socket: number, bytes: Buffer): number {
  writeFully(socket, bytes)
  return bytes.length
}

/** Returns how many bytes were sent: the whole lines, or all when there is no room for the end of one. */
function sendLines(socket: number, bytes: Buffer): number {
  let start = 0
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    writeFully(socket, bytes.subarray(start, end + 1))
    start = end + 1
  }
  if (start > 0 || bytes.length < BUFFER_BYTES) return start
  return sendAll(socket, bytes)
}
