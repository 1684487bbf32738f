/**
 * One connection of the split client: a forked process writes, this one reads. Both block, each in one direction, so
 * neither can keep the other waiting, however much is under way.
 */

import { activeRequests } from '../engine/loop.js'
import { formatAddress, type SocketAddress } from '../libc/address.js'
import { O_RDWR } from '../libc/constants.js'
import { close, dup2, open, setNonBlocking } from '../libc/fd.js'
import { PosixError } from '../libc/posix-error.js'
import { decodeStatus } from '../libc/wait-status.js'
import { describeExit } from '../supervisor/exit-status.js'
import type { Dialled } from './dial.js'
import { display, type Format } from './display.js'
import { type Received, receive, toStdout } from './receive.js'
import { INPUT_FAILED } from './send.js'
import { nameReader, WriterProcess } from './writing-process.js'

const STDIN = 0

export interface ConverseOptions {
  format: Format
  /** Whether the server's end is the end of all: nobody at a terminal wants to type on into nowhere. */
  endsWithServer: boolean
  /** Whether standard input is needed again, for another connection. */
  keepsInput: boolean
}

/** How a connection ended. */
export interface Outcome {
  /**
   * - `done`: all input was sent, and the server ended;
   * - `closed`: the server ended first, and `endsWithServer` was asked for;
   * - `lost`: it was reset, or the server took no more, or the writing process was killed: see `error`;
   * - `unread`: nobody reads our standard output any more;
   * - `failed`: standard input could not be read.
   */
  how: 'done' | 'closed' | 'lost' | 'unread' | 'failed'
  /** Of `lost`. */
  error?: Error
  /** Whether standard input was sent to its end. */
  inputEnded: boolean
  bytesReceived: number
}

/** How long requests under way, a name that nobody waits for any more for example, may take before forking is refused. */
const QUIET_MS = 2000

/** A server that answers and closes often does so just before the writer finds its input at an end. */
const LAST_WORD_MS = 50

/**
 * Forks, reads and writes until both directions have ended, and reaps. Blocks Node's loop meanwhile, and closes `fd`.
 *
 * @throws {ForkRefused} when forking would be unsafe
 * @throws {OutputFailed} when standard output cannot be written, other than for want of a reader
 * @throws {PosixError} EAGAIN, ENOMEM when no process can be forked
 */
export function converse(dialled: Dialled, options: ConverseOptions): Promise<Outcome> {
  const deadline = performance.now() + QUIET_MS
  return new Promise((resolve, reject) => {
    const attempt = (): void => {
      if (activeRequests() > 0 && performance.now() < deadline) {
        setTimeout(() => setImmediate(attempt), 1)
        return
      }
      try {
        resolve(converseNow(dialled, options))
      } catch (error) {
        reject(error)
      } finally {
        close(dialled.fd)
      }
    }
    setImmediate(attempt)
  })
}

function converseNow({ fd, peer }: Dialled, { format, endsWithServer, keepsInput }: ConverseOptions): Outcome {
  setNonBlocking(fd, false)
  const writer = WriterProcess.fork(fd, peer, format === 'lines')
  try {
    nameReader(peer)
    if (!keepsInput) forgetInput()
    const received = receive(fd, writer, display(format, toStdout))
    // a server that has ended its side may still take what we send
    const waits = received.how === 'ended' && (!endsWithServer || writer.endsWithin(LAST_WORD_MS))
    return conclude(received, peer, waits ? writer.reap() : writer.end(), waits)
  } finally {
    writer.end()
  }
}

/** Whoever writes into a pipe to us must see when the writing process has stopped reading it. */
function forgetInput(): void {
  const nothing = open('/dev/null', O_RDWR)
  dup2(nothing, STDIN)
  close(nothing)
}

/** From how the reading went, and the writer's status, to how the connection ended. */
function conclude(
  { how, error, bytesReceived }: Received,
  peer: SocketAddress,
  status: number,
  waited: boolean,
): Outcome {
  const decoded = decodeStatus(status)
  const code = decoded.type === 'exited' ? decoded.code : undefined
  const rest = { inputEnded: code === 0, bytesReceived }
  const lost = (errno: number, syscall: string): Outcome => ({
    how: 'lost',
    error: new PosixError(errno, syscall, { address: formatAddress(peer) }),
    ...rest,
  })
  if (how === 'unread') return { how, ...rest }
  if (error !== undefined) return lost(-error.errno, 'read')
  if (code === 0) return { how: 'done', ...rest }
  if (code === INPUT_FAILED) return { how: 'failed', ...rest }
  if (code !== undefined) return lost(code, 'write')
  if (how === 'ended' && !waited) return { how: 'closed', ...rest }
  return { how: 'lost', error: new Error(`the writing process was ${describeExit(status)}`), ...rest }
}
