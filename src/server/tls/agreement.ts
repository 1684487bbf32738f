/** `connection.tls`: what client and server have agreed on. */
import type { PeerCertificate, TLSSocket } from 'node:tls'

export interface TlsAgreement {
  /** `TLSv1.3` */
  readonly protocol: string
  /** As OpenSSL calls it: `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string
  /** The protocol that both speak (ALPN); undefined when none was asked for. */
  readonly alpn: string | undefined
  /** The server's name that the client asked for (SNI). */
  readonly serverName: string | undefined
  /** Whether the client has shown a certificate that `ca` vouches for. */
  readonly authorized: boolean
  /** Why it is not authorized, where it was asked for a certificate. */
  readonly unauthorizedBecause: string | undefined
  /** Whether the client came back with a session that it had before. */
  readonly resumed: boolean
  /** The client's certificate, as `tls.TLSSocket.getPeerCertificate()` gives it. */
  readonly certificate: PeerCertificate | undefined
}

const named = (name: unknown): string | undefined => (typeof name === 'string' && name !== '' ? name : undefined)

export function agreementOf(socket: TLSSocket): TlsAgreement {
  const { servername, authorizationError } = socket as TLSSocket & { servername?: string | false }
  const certificate = socket.getPeerCertificate()
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    alpn: named(socket.alpnProtocol),
    serverName: named(servername),
    authorized: socket.authorized,
    unauthorizedBecause: authorizationError ? String(authorizationError) : undefined,
    resumed: socket.isSessionReused(),
    certificate: certificate !== undefined && Object.keys(certificate).length > 0 ? certificate : undefined,
  }
}
