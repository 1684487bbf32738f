/** What is known of a connection and can be set on its socket, whatever flows through it. */
import { formatAddress, type SocketAddress } from '../../libc/address.js'
import { IPPROTO_TCP, SOL_SOCKET, TCP_NODELAY } from '../../libc/constants.js'
import { SO_KEEPALIVE, TCP_KEEPIDLE } from '../../libc/io-constants.js'
import { getsockname, keepAliveSeconds, setsockopt } from '../../libc/socket.js'
import { setPresentReactor } from '../../reactor/present.js'
import type { Reactor } from '../../reactor/reactor.js'
import type { Slot } from '../../reactor/slot.js'
import type { Accepted } from './contract.js'
import type { ConnectionTerms } from './limits.js'

export abstract class KnownConnection {
  declare readonly id: number
  declare readonly peer: SocketAddress
  declare readonly proxy: SocketAddress | undefined
  declare readonly reactor: Reactor
  declare readonly limits: ConnectionTerms
  declare readonly row: Slot | undefined
  declare state: unknown
  declare private drainer: AbortController | undefined
  /** Stops listening for a drain. */
  declare protected deafen: (() => void) | undefined
  declare protected readonly fd: number
  declare private readonly destination: SocketAddress | undefined

  constructor(accepted: Accepted, reactor: Reactor, limits: ConnectionTerms) {
    this.fd = accepted.fd
    this.id = accepted.id
    this.peer = accepted.peer
    this.proxy = accepted.proxy
    this.destination = accepted.destination
    this.reactor = reactor
    setPresentReactor(reactor)
    this.limits = limits
    this.state = undefined
    this.row = accepted.row
    this.drainer = undefined
    this.deafen = undefined
  }

  abstract get closed(): boolean

  get peerName(): string {
    return formatAddress(this.peer)
  }

  get remoteAddress(): string | undefined {
    return this.peer.family === 'unix' ? undefined : this.peer.address
  }

  get remotePort(): number | undefined {
    return this.peer.family === 'unix' ? undefined : this.peer.port
  }

  get localAddress(): string | undefined {
    const { local } = this
    return local === undefined || local.family === 'unix' ? undefined : local.address
  }

  get localPort(): number | undefined {
    const { local } = this
    return local === undefined || local.family === 'unix' ? undefined : local.port
  }

  get draining(): AbortSignal {
    if (this.drainer === undefined) {
      const drainer = new AbortController()
      this.drainer = drainer
      if (!this.closed) this.deafen = this.limits.drain?.listen(this.reactor, () => drainer.abort())
    }
    return this.drainer.signal
  }

  setNoDelay(on = true): void {
    if (this.isOpenTcp) setsockopt(this.fd, IPPROTO_TCP, TCP_NODELAY, on ? 1 : 0)
  }

  setKeepAlive(on = true, afterMs = 0): void {
    if (typeof afterMs !== 'number' || !(afterMs >= 0))
      throw new RangeError(`afterMs: expected milliseconds, got ${String(afterMs)}`)
    if (!this.isOpenTcp) return
    setsockopt(this.fd, SOL_SOCKET, SO_KEEPALIVE, on ? 1 : 0)
    if (on && afterMs > 0) setsockopt(this.fd, IPPROTO_TCP, TCP_KEEPIDLE, keepAliveSeconds(afterMs))
  }

  private get local(): SocketAddress | undefined {
    return this.closed ? undefined : (this.destination ?? getsockname(this.fd))
  }

  private get isOpenTcp(): boolean {
    return !this.closed && (this.proxy ?? this.peer).family !== 'unix'
  }
}
