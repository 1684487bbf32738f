/** The server's end of TLS: certificates, handshakes. Made before the fork: all processes share its session keys, and its memory. */
import net from 'node:net'
import tls, { type SecureContext, type TLSSocket } from 'node:tls'
import { parentOf } from '../../engine/tls-parent.js'
import { formatAddress } from '../../libc/address.js'
import type { Log } from '../../supervisor/log.js'
import type { Accepted } from '../connection/contract.js'
import type { KeyPair, Pem, TlsOptions } from './options.js'
import { PemFiles } from './pem-files.js'
import { TlsTransport } from './transport.js'

const HANDSHAKE_MS = 10_000

type Settle = (outcome: TLSSocket | Error) => void
type Material = { key: string | Buffer; cert: string | Buffer; passphrase?: string }

/** A handshake under way. */
export interface Handshake {
  /** Breaks it off. */
  destroy(): void
}

/** Node takes Buffers. */
const bytesOf = (pem: string | Uint8Array): string | Buffer => (typeof pem === 'string' ? pem : Buffer.from(pem))

export class TlsEndpoint {
  readonly #options: TlsOptions
  readonly #log: Log
  readonly #files = new PemFiles()
  readonly #server: tls.Server
  #byName: ReadonlyMap<string, SecureContext>
  readonly #handshakes = new Map<net.Socket, Settle>()

  /**
   * @param nameOf what errors call a part of the option
   * @throws {TypeError} a file that cannot be read, a key that is none, a certificate of another key
   */
  constructor(options: TlsOptions, log: Log, nameOf: (part: string) => string = (part) => `tls.${part}`) {
    this.#options = options
    this.#log = log
    const { own, byName } = this.#load(nameOf)
    this.#byName = byName
    const { alpn, requestCert = false, rejectUnauthorized = true } = options
    this.#server = tls.createServer({
      ...own,
      ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
      minVersion: options.minVersion ?? 'TLSv1.2',
      maxVersion: options.maxVersion ?? 'TLSv1.3',
      requestCert,
      rejectUnauthorized,
      handshakeTimeout: options.handshakeTimeoutMs ?? HANDSHAKE_MS,
      SNICallback: (name, done) => done(null, this.#contextFor(name)),
    })
    this.#server.on('secureConnection', (socket) => this.#settle(socket, socket))
    this.#server.on('tlsClientError', (error, socket) => this.#settle(socket, error))
  }

  /**
   * Shakes hands with a client that was accepted.
   *
   * @param agreed called with the same client, and its transport
   * @param failed called when the handshake fails; the descriptor is closed then
   */
  accept<Client extends Accepted>(client: Client, agreed: (client: Client) => void, failed: () => void): Handshake {
    this.#reloadIfChanged()
    const raw = new net.Socket({ fd: client.fd, readable: true, writable: true })
    // the TLS socket tells of it
    raw.on('error', () => {})
    this.#handshakes.set(raw, (outcome) => {
      if (!(outcome instanceof Error)) {
        // not before: whoever ends in the middle of a handshake is gone
        outcome.allowHalfOpen = true
        return agreed({ ...client, transport: new TlsTransport(outcome) })
      }
      const peer = formatAddress(client.peer)
      this.#log.info({ peer, id: client.id }, `TLS handshake failed: ${outcome.message}`)
      raw.destroy()
      failed()
    })
    this.#server.emit('connection', raw)
    return { destroy: () => void raw.destroy() }
  }

  #settle(socket: TLSSocket, outcome: TLSSocket | Error): void {
    const raw = parentOf(socket)
    if (raw === undefined) return
    const settle = this.#handshakes.get(raw)
    this.#handshakes.delete(raw)
    if (outcome instanceof Error) socket.destroy()
    settle?.(outcome)
  }

  #contextFor(name: string): SecureContext | undefined {
    const asked = name.toLowerCase()
    return this.#byName.get(asked) ?? this.#byName.get(asked.replace(/^[^.]+/, '*'))
  }

  #load(nameOf: (part: string) => string) {
    const { ca, sni = {}, ciphers, minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' } = this.#options
    const load = (part: string, pem: Pem): string | Buffer => bytesOf(this.#files.load(nameOf(part), pem))
    const cas = ca === undefined ? undefined : [ca].flat().map((each) => load('ca', each as Pem))
    const shared = { ...(cas === undefined ? {} : { ca: cas }), ...(ciphers === undefined ? {} : { ciphers }) }
    const pairOf = (pair: KeyPair, prefix: string): Material => ({
      key: load(`${prefix}key`, pair.key),
      cert: load(`${prefix}cert`, pair.cert),
      ...(pair.passphrase === undefined ? {} : { passphrase: pair.passphrase }),
    })
    const contextOf = (pair: KeyPair, prefix: string): SecureContext => {
      const material = pairOf(pair, prefix)
      try {
        return tls.createSecureContext({ ...material, ...shared, minVersion, maxVersion })
      } catch (error) {
        throw new TypeError(`${nameOf(`${prefix}key`)}, ${nameOf(`${prefix}cert`)}: ${(error as Error).message}`)
      }
    }
    contextOf(this.#options, '') // for its errors
    const own = { ...pairOf(this.#options, ''), ...shared }
    const byName = new Map(
      Object.entries(sni).map(([name, pair]) => [name.toLowerCase(), contextOf(pair, `sni.${name}.`)]),
    )
    return { own, byName }
  }

  /** What cannot be used, a key whose certificate is not there yet for example, leaves everything as it is. */
  #reloadIfChanged(): void {
    if (!this.#files.changed()) return
    try {
      const { own, byName } = this.#load((part) => `tls.${part}`)
      const { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' } = this.#options
      const keys = this.#server.getTicketKeys()
      this.#server.setSecureContext({ ...own, minVersion, maxVersion })
      this.#server.setTicketKeys(keys)
      this.#byName = byName
    } catch (error) {
      this.#log.warn({}, `TLS: files have changed, and cannot be used: ${(error as Error).message}`)
    }
  }
}
