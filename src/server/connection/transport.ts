/** How the bytes of a connection come and go: over its descriptor, or encrypted over that. */
import { SHUT_WR } from '../../libc/constants.js'
import { close } from '../../libc/fd.js'
import { shutdown } from '../../libc/socket.js'
import type { Reactor, Watch } from '../../reactor/reactor.js'
import type { TlsAgreement } from '../tls/agreement.js'
import { receive, received, receivedToKeep, send } from './read-buffer.js'

export interface Transport {
  /** Undefined where nothing is encrypted. */
  readonly tls: TlsAgreement | undefined
  /**
   * Reads once; `0` at the end of what the client sends, `undefined` when nothing is there.
   *
   * @throws when the connection is lost
   */
  receive(): number | undefined
  /** What was received, valid until the next time. */
  received(count: number): Buffer
  /** The same, to be kept by whoever takes it. */
  receivedToKeep(count: number): Buffer
  /**
   * Takes what it can, and returns how much; what it does not take is given to it again once it is writable.
   *
   * @throws when the connection is lost
   */
  send(bytes: Uint8Array): number | undefined
  /** Half-closes: all was sent. */
  shutdown(): void
  close(): void
  /** As `Reactor.watch`. */
  watch(reactor: Reactor, interest: number, ready: (readiness: number) => void): Watch
}

/** The descriptor itself. */
export class SocketTransport implements Transport {
  readonly tls = undefined
  readonly fd: number

  constructor(fd: number) {
    this.fd = fd
  }

  receive(): number | undefined {
    return receive(this.fd)
  }

  received(count: number): Buffer {
    return received(count)
  }

  receivedToKeep(count: number): Buffer {
    return receivedToKeep(count)
  }

  send(bytes: Uint8Array): number | undefined {
    return send(this.fd, bytes)
  }

  shutdown(): void {
    shutdown(this.fd, SHUT_WR)
  }

  close(): void {
    close(this.fd)
  }

  watch(reactor: Reactor, interest: number, ready: (readiness: number) => void): Watch {
    return reactor.watch(this.fd, interest, ready)
  }
}
