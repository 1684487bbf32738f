/** A header of the PROXY protocol: where it ends, and what it says. https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt */
import { ProxyHeaderError } from './header-error.js'
import type { Relayed } from './relayed.js'
import { PREFIX, parseVersion1, version1Bytes } from './version1.js'
import { hot as hotInVersion2, parseVersion2, SIGNATURE, version2Bytes } from './version2.js'

/** What is longer is refused: addresses take 232 bytes at most, the rest is for what proxies add to them. */
export const MOST_HEADER_BYTES = 4096
/** Of what is no header, in an error. */
const SHOWN_BYTES = 32

/** Whether one begins as the other does, as far as there is something of both. */
function agree(bytes: Buffer, prefix: Buffer): boolean {
  for (let at = 0; at < bytes.length && at < prefix.length; at++) if (bytes[at] !== prefix[at]) return false
  return true
}

/**
 * How long the header is that `bytes` begin with; undefined as long as that is not known.
 *
 * @param bytes what has come so far, at least one; more than the header, perhaps
 * @throws {ProxyHeaderError} they begin with none, or with one longer than MOST_HEADER_BYTES
 */
export function headerBytes(bytes: Buffer): number | undefined {
  if (agree(bytes, PREFIX)) return version1Bytes(bytes)
  if (!agree(bytes, SIGNATURE)) {
    const text = JSON.stringify(bytes.toString('latin1', 0, SHOWN_BYTES))
    throw new ProxyHeaderError(`expected a header, got ${text}`)
  }
  const length = version2Bytes(bytes)
  if (length === undefined || length <= MOST_HEADER_BYTES) return length
  throw new ProxyHeaderError(`version 2: expected a header of at most ${MOST_HEADER_BYTES} bytes, got one of ${length}`)
}

/**
 * What a header says; undefined where the proxy speaks for itself, to see whether we are there, or does not know for whom it speaks.
 *
 * @param header its bytes, all of them and no more
 * @throws {ProxyHeaderError} it breaks the rules of its version
 */
export const parseHeader = (header: Buffer): Relayed | undefined =>
  header[0] === PREFIX[0] ? parseVersion1(header) : parseVersion2(header)

/** What runs for a header of version 2, named for src/speed. */
export const hot = [agree, headerBytes, parseHeader, ...hotInVersion2]
