/**
 * Whom a proxy has named as the client of a connection process. The process tells it, once, before anything of its handler runs in it; which
 * process it is the kernel tells.
 */
import type { Compilable } from '../engine/compile.js'
import type { SocketAddress } from '../libc/address.js'
import { SOCK_CLOEXEC, SOCK_SEQPACKET } from '../libc/constants.js'
import { close, read } from '../libc/fd.js'
import { pairMaker } from '../libc/pair-maker.js'
import { PosixError } from '../libc/posix-error.js'
import { usleep } from '../libc/process.js'
import { sendDescriptor } from '../libc/scm-rights.js'
import { socketpair } from '../libc/socket.js'
import { sendNow } from '../libc/stream.js'
import { DescriptorInbox } from './descriptor-inbox.js'
import type { Surroundings } from './surroundings.js'

const HEARD = Buffer.from('.')
/** Until there is room again for one more on its way. */
const REST_US = 1000

/** The first counts: what a handler may say later is not heard. */
class Introductions {
  readonly #surroundings: Surroundings
  readonly #introduced = new WeakSet<object>()

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
    const { plan, reactor } = surroundings
    new DescriptorInbox(plan.introductions.receiver, reactor, (data, socket) => this.#hear(data, socket))
  }

  #hear(data: Buffer, socket: number): void {
    const { children, plan } = this.#surroundings
    const child = children.get(pairMaker(socket) ?? 0)
    if (child?.role === 'connection' && !this.#introduced.has(child)) {
      this.#introduced.add(child)
      const client = JSON.parse(data.toString()) as SocketAddress
      plan.board.nameClient(child.slot, client)
      children.introduce(child, client)
      this.#answer(socket)
    }
    close(socket)
  }

  #answer(socket: number): void {
    try {
      sendNow(socket, HEARD)
    } catch (error) {
      if (!(error instanceof PosixError)) throw error // it has ended
    }
  }
}

/** What runs for every connection, in its process, named for src/speed. */
export const hot: readonly Compilable[] = [introduce]

/** In the supervisor. */
export function hearIntroductions(surroundings: Surroundings): void {
  if (surroundings.plan.introductions.receiver >= 0) new Introductions(surroundings)
}

/**
 * In a connection process: tells the supervisor who its client is, and waits until that knows it.
 *
 * @param sender of the channel for introductions; closed afterwards
 * @throws {PosixError} EMFILE, ENFILE, ENOBUFS, …
 * @throws {Error} it was introduced before
 */
export function introduce(sender: number, client: SocketAddress): void {
  const [ours, theirs] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
  const data = Buffer.from(JSON.stringify(client))
  while (!sendDescriptor(sender, data, theirs)) usleep(REST_US)
  close(theirs)
  close(sender)
  const heard = read(ours, Buffer.alloc(1))
  close(ours)
  if (heard === 0) throw new Error('the supervisor does not take who its client is')
}
