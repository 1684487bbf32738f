/**
 * Rehearses a supervisor before its first client: it accepts, forks and reaps for clients of its own, so that the code
 * is compiled and V8 has learnt it once, and not in every connection process again.
 */

import type { Compilable } from '../engine/compile.js'
import type { SocketAddress } from '../libc/address.js'
import { SHUT_WR, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../libc/constants.js'
import { close, write } from '../libc/fd.js'
import { bind, connect, getsockname, listen, shutdown, socket, socketpair } from '../libc/socket.js'

/** What a supervisor can be made to do. */
export interface Turning {
  /** Waits so often, and acts. */
  run(turns: number): unknown
  /** Children waited for. */
  readonly reaped: number
  /** Stops listening. */
  close(): void
}

/** A server that can be rehearsed. */
export interface Subject {
  /** The address of a real listener. */
  readonly address: SocketAddress | undefined
  /** What runs for every connection, in the supervisor and in its process. */
  readonly hot: readonly Compilable[]
  /** What is to be compiled without being called. */
  readonly uncalled: readonly Compilable[]
  /** Of these, what the others are called by. */
  readonly roots: readonly Compilable[]
  /** What each client sends; undefined when the handler is not to be run, so that it only connects. */
  readonly sample: Uint8Array | undefined
  /** Does once what a rehearsal does not come by, in functions that run for every connection: V8 gives up what it optimised without having seen it. */
  practise(): void
  /** Acts once the connection that is rehearsed waits for its client. */
  whileWaiting(act: () => void): void
  /** Makes a supervisor like the real one, but for `listener`. Its end of the channel to a launcher is `control`. */
  supervisor(control: number, listener: { fd: number; address: SocketAddress }): Turning
  readonly processes: { imitating: number }
}

const kept: { supervisor?: Turning } = {}

/** A listener of the same kind as the first real one, for its code to be the same. */
function privateListener(like: SocketAddress | undefined): { fd: number; address: SocketAddress } {
  const wanted: SocketAddress =
    like?.family === 'IPv4'
      ? { family: 'IPv4', address: '127.0.0.1', port: 0 }
      : like?.family === 'IPv6'
        ? { family: 'IPv6', address: '::1', port: 0 }
        : { family: 'unix', path: `\0tined rehearsal ${process.pid}` }
  const fd = socket(wanted, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
  try {
    bind(fd, wanted)
    listen(fd, 8)
    return { fd, address: getsockname(fd) }
  } catch (error) {
    close(fd)
    throw error
  }
}

/** Of the rounds, every second one is imitated, and in every second of those the client takes its time. */
const imitated = (round: number): boolean => round % 2 === 1
const slow = (round: number): boolean => round % 4 === 3

/** One client, from its first byte to its last. */
function serveOne(
  { sample, whileWaiting, processes }: Subject,
  supervisor: Turning,
  client: number,
  round: number,
): void {
  if (sample === undefined || !slow(round)) {
    if (sample !== undefined) write(client, sample)
    shutdown(client, SHUT_WR)
  } else {
    whileWaiting(() => {
      write(client, sample)
      whileWaiting(() => shutdown(client, SHUT_WR))
    })
  }
  processes.imitating = imitated(round) ? round : 0
  if (processes.imitating > 0) supervisor.run(1)
  else for (const before = supervisor.reaped; supervisor.reaped === before; ) supervisor.run(1)
}

/**
 * Serves `rounds` clients, one after another.
 *
 * @throws {PosixError} what the system refuses; nothing is left open then
 */
export function rehearse(subject: Subject, rounds: number): void {
  const listener = privateListener(subject.address)
  const [control, silent] = socketpair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
  const supervisor = subject.supervisor(control, listener)
  try {
    for (let round = 0; round < rounds; round++) {
      const client = socket(listener.address, SOCK_STREAM | SOCK_CLOEXEC)
      try {
        connect(client, listener.address)
        serveOne(subject, supervisor, client, round)
      } finally {
        close(client)
      }
    }
  } finally {
    subject.processes.imitating = 0
    supervisor.close()
    // optimised code goes when the last object goes that it was made for
    kept.supervisor = supervisor
    close(control)
    close(silent)
  }
}
