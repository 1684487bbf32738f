/**
 * Whom a proxy has named as the client of a connection process. The process tells it, once, before anything of its handler runs in it; which
 * process it is the kernel tells.
 */
import { type Compilable, methodsOf } from '../engine/compile.js'
import { encodeSockaddr, type SocketAddress } from '../libc/address.js'
import { SOCK_CLOEXEC, SOCK_SEQPACKET } from '../libc/constants.js'
import { close, closeIfOpen, read, tryDescriptors } from '../libc/fd.js'
import { pairMaker } from '../libc/pair-maker.js'
import { PosixError } from '../libc/posix-error.js'
import { usleep } from '../libc/process.js'
import { DescriptorMessage } from '../libc/scm-rights.js'
import { getsockopt, getsockoptBytes, socketpair } from '../libc/socket.js'
import { sendNow } from '../libc/stream.js'
import { type Child, Children } from './children.js'
import { DescriptorInbox, MESSAGE_BYTES } from './descriptor-inbox.js'
import type { ChildChannel } from './plan.js'
import { Scoreboard } from './scoreboard.js'
import type { Surroundings } from './surroundings.js'

const HEARD = Buffer.from('.')
const answer = Buffer.alloc(1)
const message = new DescriptorMessage(Buffer.allocUnsafeSlow(MESSAGE_BYTES))
/** Until there is room again for one more on its way. */
const REST_US = 1000
/** A descriptor that is never open. */
const NOBODYS = 2_000_000_000

/** The first counts: what a handler may say later is not heard. */
class Introductions {
  readonly #surroundings: Surroundings
  readonly #introduced = new WeakSet<Child>()

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
    const { plan, reactor } = surroundings
    new DescriptorInbox(plan.introductions.receiver, reactor, this.hear.bind(this))
  }

  private hear(data: Buffer, socket: number): void {
    const { children, plan } = this.#surroundings
    const child = children.get(pairMaker(socket) ?? 0)
    if (child !== undefined && child.role === 'connection' && !this.#introduced.has(child)) {
      this.#introduced.add(child)
      const client = JSON.parse(data.toString()) as SocketAddress
      plan.board.nameClient(child.slot, client)
      children.introduce(child, client)
      this.answer(socket)
    }
    close(socket)
  }

  private answer(socket: number): void {
    try {
      sendNow(socket, HEARD)
    } catch (error) {
      if (!(error instanceof PosixError)) throw error // it has ended
    }
  }
}

/** What rehearsals have left on its way. */
export function forgetIntroductions({ receiver }: ChildChannel): void {
  if (receiver < 0) return
  while (message.receive(receiver) !== undefined) if (message.descriptor !== undefined) close(message.descriptor)
}

/** In the supervisor. */
export function hearIntroductions(surroundings: Surroundings): void {
  if (surroundings.plan.introductions.receiver >= 0) new Introductions(surroundings)
}

/**
 * In a connection process: tells the supervisor who its client is, and waits until that knows it.
 *
 * @param sender of the channel for introductions; closed afterwards
 * @param imitated whether this is the supervisor itself, in a rehearsal
 * @throws {PosixError} EMFILE, ENFILE, ENOBUFS, …
 * @throws {Error} it was introduced before
 */
export function introduce(sender: number, client: SocketAddress, imitated: boolean): void {
  const [ours, theirs] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
  const length = message.data.write(JSON.stringify(client))
  while (!message.send(sender, length, theirs)) usleep(REST_US)
  if (imitated) sendNow(theirs, HEARD)
  close(theirs)
  closeIfOpen(imitated ? NOBODYS : sender)
  const heard = read(ours, answer)
  close(ours)
  if (heard === 0) throw new Error('the supervisor does not take who its client is')
}

/** What runs for every connection, in its process and in the supervisor, named for src/speed. */
export const hot: readonly Compilable[] = [
  introduce,
  ...methodsOf(Introductions),
  ...methodsOf(DescriptorInbox, ['close']),
  ...methodsOf(DescriptorMessage),
  Children.prototype.get,
  Children.prototype.introduce,
  Scoreboard.prototype.nameClient,
  closeIfOpen,
  encodeSockaddr,
  getsockopt,
  getsockoptBytes,
  pairMaker,
  sendNow,
  socketpair,
  tryDescriptors,
]
