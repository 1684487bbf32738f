/**
 * Rehearses a supervisor before it opens its doors: it accepts, forks and reaps for clients of its own, so that the code
 * is compiled and V8 has learnt it once, and not in every connection process again.
 */
import type { SocketAddress } from '../libc/address.js'
import { SHUT_WR, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../libc/constants.js'
import { close, write } from '../libc/fd.js'
import { bind, connect, getsockname, listen, shutdown, socket, socketpair } from '../libc/socket.js'
import type { Listening, SupervisorPlan } from '../supervisor/plan.js'
import { Supervisor } from '../supervisor/supervisor.js'

const kept: { supervisor?: Supervisor } = {}

/** A door of the same kind as the first real one, for its code to be the same. */
function backDoor(like: SocketAddress | undefined): Listening {
  const wanted: SocketAddress =
    like?.family === 'IPv4'
      ? { family: 'IPv4', address: '127.0.0.1', port: 0 }
      : like?.family === 'IPv6'
        ? { family: 'IPv6', address: '::1', port: 0 }
        : { family: 'unix', path: `\0tined rehearsal ${process.pid}` }
  const fd = socket(wanted, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
  bind(fd, wanted)
  listen(fd, 8)
  return { fd, address: getsockname(fd) }
}

/** Of the rounds, every second one is in play, and in every second of those the client takes its time. */
const played = (round: number): boolean => round % 2 === 1
const slow = (round: number): boolean => round % 4 === 3

export interface Rehearsed {
  /** What each client sends; undefined when the handler is not to be run, so that it only connects. */
  readonly rehearsal: Uint8Array | undefined
  whileWaiting(act: () => void): void
}

/**
 * Serves `rounds` clients, one after another.
 *
 * @param planFor makes a plan of the same shape as the real one
 * @param like the address of a real door
 */
export function rehearseSupervision(
  planFor: (control: number, listening: readonly Listening[], rehearsed: boolean) => SupervisorPlan,
  like: SocketAddress | undefined,
  { rehearsal: bytes, whileWaiting }: Rehearsed,
  rounds: number,
): void {
  const door = backDoor(like)
  const [control, silent] = socketpair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
  const plan = planFor(control, [door], false)
  const supervisor = new Supervisor(plan)
  for (let round = 0; round < rounds; round++) {
    const client = socket(door.address, SOCK_STREAM | SOCK_CLOEXEC)
    connect(client, door.address)
    if (bytes === undefined || !slow(round)) {
      if (bytes !== undefined) write(client, bytes)
      shutdown(client, SHUT_WR)
    } else {
      whileWaiting(() => {
        write(client, bytes)
        whileWaiting(() => shutdown(client, SHUT_WR))
      })
    }
    plan.stage.play = played(round) ? round : 0
    if (plan.stage.play > 0) supervisor.turn()
    else for (const before = supervisor.reaped; supervisor.reaped === before; ) supervisor.turn()
    close(client)
  }
  plan.stage.play = 0
  supervisor.close()
  // optimised code goes when the last object goes that it was made for
  kept.supervisor = supervisor
  close(control)
  close(silent)
}
