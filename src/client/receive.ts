/** The reading process: from the server to standard output, with an eye on the writing process. */
import { EPIPE, POLLIN } from '../libc/constants.js'
import { PollSet } from '../libc/poll.js'
import type { PosixError } from '../libc/posix-error.js'
import { decodeStatus } from '../libc/wait-status.js'
import type { Display } from './display.js'
import { INPUT_FAILED } from './send.js'
import { readSome, writeFully } from './transfer.js'
import type { WriterProcess } from './writing-process.js'

const STDOUT = 1
const BUFFER_BYTES = 256 * 1024

export interface Received {
  /**
   * - `ended`: the server sent all it had;
   * - `lost`: it broke off, see `error`;
   * - `unread`: nobody reads our standard output any more;
   * - `abandoned`: the writing process was killed, or could not read its input.
   */
  how: 'ended' | 'lost' | 'unread' | 'abandoned'
  error?: PosixError
  bytesReceived: number
}

/** Nobody reads standard output. */
class Unread extends Error {}

/** Standard output cannot be written; `cause` is the PosixError. */
export class OutputFailed extends Error {
  override readonly name = 'OutputFailed'
}

/** For a `Display`. */
export function toStdout(bytes: Uint8Array): void {
  try {
    writeFully(STDOUT, bytes)
  } catch (cause) {
    const { errno, message } = cause as PosixError
    throw errno === -EPIPE ? new Unread() : new OutputFailed(`standard output: ${message}`, { cause })
  }
}

/**
 * Reads until the server ends or breaks off, or the writer fails in a way that leaves nothing to wait for.
 *
 * @throws {OutputFailed} ENOSPC, EIO, …
 */
export function receive(fd: number, writer: WriterProcess, shown: Display): Received {
  const received: Received = { how: 'ended', bytesReceived: 0 }
  try {
    pump(fd, writer, shown, received)
    shown.end()
  } catch (error) {
    if (!(error instanceof Unread)) throw error
    received.how = 'unread'
  }
  return received
}

function pump(fd: number, writer: WriterProcess, shown: Display, received: Received): void {
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  const waiting = new PollSet()
  waiting.add(fd, POLLIN)
  waiting.add(writer.pidfd, POLLIN)
  for (;;) {
    waiting.poll(-1)
    const readable = waiting.revents(0) !== 0
    if (waiting.revents(1) !== 0) {
      waiting.set(1, -1, 0)
      if (isHopeless(writer.reap())) {
        received.how = 'abandoned'
        return
      }
    }
    if (!readable) continue
    let count: number
    try {
      count = readSome(fd, buffer)
    } catch (error) {
      received.how = 'lost'
      received.error = error as PosixError
      return
    }
    if (count === 0) return
    received.bytesReceived += count
    shown.take(buffer.subarray(0, count))
  }
}

/** Killed, or without input. A writer that could not send is not: what the server still sends is for us. */
function isHopeless(status: number): boolean {
  const decoded = decodeStatus(status)
  return decoded.type !== 'exited' || decoded.code === INPUT_FAILED
}
