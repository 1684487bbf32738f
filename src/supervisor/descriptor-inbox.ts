/** What connection processes send to the supervisor, each message with a descriptor attached. */
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_SEQPACKET } from '../libc/constants.js'
import { tryDescriptors } from '../libc/fd.js'
import { DescriptorMessage } from '../libc/scm-rights.js'
import { socketpair } from '../libc/socket.js'
import { READABLE, type Reactor, type Watch } from '../reactor/reactor.js'
import type { ChildChannel } from './plan.js'

const LOOK_AGAIN_MS = 50
export const MESSAGE_BYTES = 1024

/** @throws {PosixError} EMFILE, ENFILE */
export function openChildChannel(): ChildChannel {
  const [receiver, sender] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK)
  return { receiver, sender }
}

export class DescriptorInbox {
  readonly #receiver: number
  readonly #reactor: Reactor
  readonly #watch: Watch
  readonly #message = new DescriptorMessage(Buffer.allocUnsafeSlow(MESSAGE_BYTES))
  readonly #take: (data: Buffer, descriptor: number) => void
  #closed = false

  /** @param take called for each; the data are valid until the next, the descriptor is its own from then on */
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
      const bytes = this.#message.receive(this.#receiver)
      if (bytes === undefined) return
      const { data, descriptor } = this.#message
      if (descriptor !== undefined) this.#take(data.subarray(0, bytes), descriptor)
    }
    this.#watch.change(0)
    this.#reactor.after(LOOK_AGAIN_MS, () => {
      if (!this.#closed) this.#watch.change(READABLE)
    })
  }
}
