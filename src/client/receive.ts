/** The reading process: from the server to standard output, with an eye on the writing process. */
import { EPIPE, POLLIN } from '../posix/constants.js'
import { PollSet } from '../posix/poll.js'
import type { PosixError } from '../posix/posix-error.js'
import { decodeStatus } from '../posix/wait-status.js'
import type { Display } from './display.js'
import { INPUT_FAILED } from './send.js'
import { readSome, writeFully } from './transfer.js'
import type { WriterProcess } from './writer-process.js'

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

/** Nobody reads standard output; every other failure to write there is thrown as it is. */
class Unread extends Error {}

/** For a `Display`: writes all of `bytes` to a descriptor, and throws `Unread` when nobody reads them. */
export const writingTo =
  (fd: number) =>
  (bytes: Uint8Array): void => {
    try {
      writeFully(fd, bytes)
    } catch (error) {
      throw (error as PosixError).errno === -EPIPE ? new Unread() : error
    }
  }

/**
 * Reads until the server ends or breaks off, or the writer fails in a way that leaves nothing to wait for.
 *
 * @throws {PosixError} of standard output
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
