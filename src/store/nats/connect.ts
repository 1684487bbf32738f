/** Connects to a server of a stream's. What is in files is read each time: it may have been renewed. */
import { readFileSync } from 'node:fs'
import type { ConnectionOptions, NatsConnection, TlsOptions } from '@nats-io/transport-node'
import type { StreamAddress, StreamTls } from './address.js'
import { readLogin } from './login.js'

const CONNECT_MS = 2000

/**
 * @param server `host:port`
 * @throws {Error} no server there, not allowed, not encrypted, not who it should be, or a file that cannot be read
 */
export async function connectTo(address: StreamAddress, server: string): Promise<NatsConnection> {
  const nats = await import('@nats-io/transport-node')
  const { credentials, loginFile, tls } = address
  const login = loginFile === undefined ? address.login : readLogin(loginFile)
  const options: ConnectionOptions = {
    servers: server,
    name: 'tined',
    timeout: CONNECT_MS,
    // whoever reconnects has to know what was under way: a new connection does
    reconnect: false,
    maxReconnectAttempts: 0,
    ignoreClusterUpdates: true,
  }
  if (login !== undefined) Object.assign(options, 'token' in login ? login : { user: login.user, pass: login.password })
  if (credentials !== undefined) options.authenticator = nats.credsAuthenticator(readFileSync(credentials))
  if (tls !== undefined) options.tls = tlsOptions(tls, server)
  return nats.connect(options)
}

/** With what tls.connect(socket) looks at in a certificate: the client of NATS tells it of names only, and addresses would be held against `localhost`. */
function tlsOptions({ ca, cert, key }: StreamTls, server: string): TlsOptions & { host: string } {
  const host = server.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  const text = (file: string): string => readFileSync(file, 'utf8')
  return {
    host,
    ...(ca !== undefined && { ca: text(ca) }),
    ...(cert !== undefined && key !== undefined && { cert: text(cert), key: text(key) }),
  }
}
