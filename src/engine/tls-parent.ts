/** Which socket a TLS socket encrypts over: Node keeps it, and says so nowhere. */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

export const parentOf = (secure: TLSSocket): Socket | undefined => (secure as unknown as { _parent?: Socket })._parent
