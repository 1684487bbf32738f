/** What connection processes send to the supervisor, each message with a descriptor attached. */
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_SEQPACKET } from '../libc/constants.js'
import { tryDescriptors } from '../libc/fd.js'
import { receiveDescriptor } from '../libc/scm-rights.js'
import { socketpair } from '../libc/socket.js'
import { READABLE, type Reactor, type Watch } from '../reactor/reactor.js'
import type { ChildChannel } from './plan.js'

const LOOK_AGAIN_MS = 50
const MESSAGE_BYTES = 1024

/** @throws {PosixError} EMFILE, ENFILE */
export function openChildChannel(): ChildChannel {
  const [receiver, sender] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK)
  return { receiver, sender }
}

export class DescriptorInbox {
  readonly #receiver: number
  readonly #reactor: Reactor
  readonly #watch: Watch
  readonly #take: (data: Buffer, descriptor: number) => void
  #closed = false

  /** @param take called for each; the descriptor is its own from then on */
  constructor(receiver: number, reactor: Reactor, take: (data: Buffer, descriptor: number) => void) {
    this.#receiver = receiver
    this.#reactor = reactor
    this.#take = take
    this.#watch = reactor.watch(receiver, READABLE, this.receive.bind(this))
  }

  /** The descriptor itself is left open. */
  close(): void {
    this.#closed = true
    this.#watch.stop()
  }

  private receive(): void {
    for (;;) {
      // without a free descriptor the kernel would throw away the one that is attached
      if (tryDescriptors(2) !== 0) break
      const received = receiveDescriptor(this.#receiver, MESSAGE_BYTES)
      if (received === undefined) return
      if (received.descriptor !== undefined) this.#take(received.data, received.descriptor)
    }
    this.#watch.change(0)
    this.#reactor.after(LOOK_AGAIN_MS, () => {
      if (!this.#closed) this.#watch.change(READABLE)
    })
  }
}
