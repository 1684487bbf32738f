/** What a proxy says of a connection that it has made. */
import type { SocketAddress } from '../../libc/address.js'

export interface Relayed {
  /** Who connected to the proxy. */
  readonly source: SocketAddress
  /** And where to. */
  readonly destination: SocketAddress
}
