/** The option `tls`: what a program gives, and its check. What it means for OpenSSL is endpoint.ts's. */
import { nearest } from '../options/nearest.js'
import { type OptionType, shown } from '../options/option-type.js'

/** PEM as text or bytes, or the path of a file that has it. */
export type Pem = string | Uint8Array

/** A certificate with its key. */
export interface KeyPair {
  /** The private key. */
  key: Pem
  /** The certificate, and those between it and the root. */
  cert: Pem
  /** Of a key that is encrypted. */
  passphrase?: string | undefined
}

type Version = 'TLSv1.2' | 'TLSv1.3'

/**
 * TLS by Node. Files that are named are read again when they change: connections from then on get what is new, those that are open keep
 * what they have.
 */
export interface TlsOptions extends KeyPair {
  /** Whose certificates a client may have, instead of the well-known authorities. */
  ca?: Pem | readonly Pem[] | undefined
  /** Other certificates by the name that a client asks for (SNI): `example.org`, `*.example.org`. */
  sni?: Readonly<Record<string, KeyPair>> | undefined
  /** Protocols that are served, the best first (ALPN). A client that speaks none of them is refused. */
  alpn?: readonly string[] | undefined
  /**
   * Whether clients are asked for a certificate.
   * @default false
   */
  requestCert?: boolean | undefined
  /**
   * Whether a client without a certificate that `ca` vouches for is refused, if clients are asked for one.
   * @default true
   */
  rejectUnauthorized?: boolean | undefined
  /** @default 'TLSv1.2' */
  minVersion?: Version | undefined
  /** @default 'TLSv1.3' */
  maxVersion?: Version | undefined
  /** As OpenSSL writes them. */
  ciphers?: string | undefined
  /**
   * How long the handshake may take, in milliseconds.
   * @default 10000
   */
  handshakeTimeoutMs?: number | undefined
}

const PAIR = ['key', 'cert', 'passphrase']
const KNOWN = [
  ...[...PAIR, 'ca', 'sni', 'alpn', 'requestCert', 'rejectUnauthorized'],
  ...['minVersion', 'maxVersion', 'ciphers', 'handshakeTimeoutMs'],
]

type Given = Record<string, unknown>

function asObject(name: string, value: unknown, known: readonly string[]): Given {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${name}: expected an object with key and cert, got ${shown(value)}`)
  for (const each of Object.keys(value)) {
    if (known.includes(each)) continue
    const near = nearest(each, known)
    const hint = near === undefined ? '' : `; did you mean ${near}?`
    throw new TypeError(`${name}.${each}: no such option; expected one of ${known.join(', ')}${hint}`)
  }
  return value as Given
}

function checkType(name: string, value: unknown, is: (value: unknown) => boolean, expected: string): void {
  if (value !== undefined && !is(value)) throw new TypeError(`${name}: expected ${expected}, got ${shown(value)}`)
}

const isPem = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || (value instanceof Uint8Array && value.length > 0)
const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isVersion = (value: unknown): boolean => value === 'TLSv1.2' || value === 'TLSv1.3'
const isYesOrNo = (value: unknown): boolean => typeof value === 'boolean'
const listOf =
  (is: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.length > 0 && value.every(is)

function checkPair(name: string, pair: Given): void {
  for (const part of ['key', 'cert']) {
    if (pair[part] === undefined)
      throw new TypeError(`${name}.${part}: expected PEM or the path of a file, got nothing`)
    checkType(`${name}.${part}`, pair[part], isPem, 'PEM or the path of a file')
  }
  checkType(`${name}.passphrase`, pair['passphrase'], isText, 'text')
}

function check(name: string, value: unknown): TlsOptions {
  const given = asObject(name, value, KNOWN)
  checkPair(name, given)
  const { ca, sni, handshakeTimeoutMs: handshake } = given
  checkType(`${name}.ca`, ca, (each) => isPem(each) || listOf(isPem)(each), 'PEM or the path of a file, or several')
  for (const [host, pair] of Object.entries(
    sni === undefined ? {} : asObject(`${name}.sni`, sni, Object.keys(sni as object)),
  ))
    checkPair(`${name}.sni.${host}`, asObject(`${name}.sni.${host}`, pair, PAIR))
  checkType(`${name}.alpn`, given['alpn'], listOf(isText), 'names of protocols')
  for (const part of ['requestCert', 'rejectUnauthorized'])
    checkType(`${name}.${part}`, given[part], isYesOrNo, 'true or false')
  for (const part of ['minVersion', 'maxVersion'])
    checkType(`${name}.${part}`, given[part], isVersion, 'TLSv1.2 or TLSv1.3')
  checkType(`${name}.ciphers`, given['ciphers'], isText, 'text')
  if (handshake !== undefined && !(typeof handshake === 'number' && handshake > 0 && handshake <= 600_000))
    throw new RangeError(`${name}.handshakeTimeoutMs: expected 1 to 600000 milliseconds, got ${shown(handshake)}`)
  return given as unknown as TlsOptions
}

/** For programs only: what may be typed are files. */
export const tlsOptions = (): OptionType<TlsOptions> => ({
  words: '`{ key, cert, … }`',
  check,
  read(name) {
    throw new TypeError(`${name}: TLS options cannot be typed`)
  },
  show: () => '',
})
