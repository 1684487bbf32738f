/** The writing process, seen from the reading one that forks it. */

import { complain } from '../engine/output/complain.js'
import { setTitle } from '../engine/title.js'
import { becomeChild } from '../fork/become-child.js'
import { descriptors, runs, stillLoop } from '../fork/descriptors.js'
import { forkQuiesced, quiesce } from '../fork/fork.js'
import { leaveLoaders } from '../fork/loaders.js'
import { hostOf, type SocketAddress } from '../libc/address.js'
import { POLLIN, SIGINT, SIGKILL, SIGTERM } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { PollSet } from '../libc/poll.js'
import { _exit, getpid, kill, pidfd_open, waitpid } from '../libc/process.js'
import { defaultSignal, signalMask } from '../libc/signal.js'
import { INPUT_FAILED, send } from './send.js'

const STDIN = 0
const STDOUT = 1
const STDERR = 2

const portOf = (peer: SocketAddress): number => (peer.family === 'unix' ? -1 : peer.port)

/** Takes a name that tells the two processes apart. */
export const nameReader = (peer: SocketAddress): void => setTitle(`tined: reader ${hostOf(peer)}`, portOf(peer))

export class WriterProcess {
  readonly pid: number
  /** Readable once the process has ended. */
  readonly pidfd: number
  /** For the W* macros; undefined as long as it was not reaped. */
  status: number | undefined

  private constructor(pid: number) {
    this.pid = pid
    this.pidfd = pidfd_open(pid)
  }

  /**
   * Forks it. The child runs synchronous code only, without Node's loop, and leaves by `_exit`.
   *
   * @throws {ForkRefused} when forking this process would be unsafe, {PosixError} EAGAIN, ENOMEM
   */
  static fork(socket: number, peer: SocketAddress, lines: boolean): WriterProcess {
    const reader = getpid()
    quiesce()
    const pid = forkQuiesced()
    if (pid === 0) become(reader, socket, peer, lines)
    return new WriterProcess(pid)
  }

  /** Waits for its end and takes its status. */
  reap(): number {
    if (this.status === undefined) {
      this.status = (waitpid(this.pid) as { status: number }).status
      close(this.pidfd)
    }
    return this.status
  }

  /** Waits for its end, but no longer than `patienceMs`; reports whether it has ended. */
  endsWithin(patienceMs: number): boolean {
    if (this.status !== undefined) return true
    const waiting = new PollSet()
    waiting.add(this.pidfd, POLLIN)
    return waiting.poll(patienceMs) > 0
  }

  /** Ends it, whatever it is doing, and reaps it. It has nothing to tidy up; and when it is stopped, no other signal helps. */
  end(): number {
    if (this.status === undefined) kill(this.pid, SIGKILL)
    return this.reap()
  }
}

/** In the forked process. */
function become(reader: number, socket: number, peer: SocketAddress, lines: boolean): never {
  let status = INPUT_FAILED
  try {
    leaveLoaders()
    stillLoop(reader, [socket])
    // Ctrl-C: no handler of Node's, which would look at a terminal that is the reader's affair
    defaultSignal(SIGINT)
    defaultSignal(SIGTERM)
    becomeChild(
      { close: runs(foreign(socket)), mask: signalMask(), parent: reader, deathSignal: SIGKILL, oomScore: undefined },
      `tined: writer ${hostOf(peer)}`,
      portOf(peer),
    )
    status = send(STDIN, socket, lines)
  } catch (error) {
    complain(`tined: fatal: the writing process: ${(error as Error).message}`)
  } finally {
    _exit(status)
  }
}

/** All but standard input, standard error, the socket, and what the stilled loop has instead of its own. */
const foreign = (socket: number): number[] =>
  descriptors()
    .filter(({ fd, target }) => ![STDIN, STDERR, socket].includes(fd) && (fd === STDOUT || target !== '/dev/null'))
    .map(({ fd }) => fd)
