/** Headers of the PROXY protocol, as a proxy sends them. */
import { encodeSockaddr, parseAddress } from '../../src/libc/address.js'

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
const FAMILIES = { IPv4: 0x11, IPv6: 0x21, unix: 0x31 }
const PORT_BYTES = 2
const UNIX_BYTES = 108

/** @param source as `203.0.113.7:4711` @param destination of the same family */
export function version1(source: string, destination: string): Buffer {
  const ends = [source, destination].map(parseAddress)
  const texts = ends.map((end) => (end.family === 'unix' ? '' : end.address))
  const ports = ends.map((end) => (end.family === 'unix' ? '' : end.port))
  return Buffer.from(`PROXY ${ends[0]?.family === 'IPv6' ? 'TCP6' : 'TCP4'} ${[...texts, ...ports].join(' ')}\r\n`)
}

/** Of whatever it consists. */
export function binary(
  command: number,
  family: number,
  body: Uint8Array = Buffer.alloc(0),
  length = body.length,
): Buffer {
  return Buffer.concat([SIGNATURE, Buffer.from([command, family, length >> 8, length & 0xff]), body])
}

/** @param tlvs after the addresses */
export function version2(source: string, destination: string, tlvs: Uint8Array = Buffer.alloc(0)): Buffer {
  const [from, to] = [source, destination].map(parseAddress)
  if (from === undefined || to === undefined) throw new TypeError('two ends')
  const sockaddrs = [from, to].map(encodeSockaddr)
  const body =
    from.family === 'unix'
      ? sockaddrs.map((each) => Buffer.concat([each.subarray(2), Buffer.alloc(UNIX_BYTES)], UNIX_BYTES))
      : [
          ...sockaddrs.map((each) => (from.family === 'IPv4' ? each.subarray(4, 8) : each.subarray(8, 24))),
          ...sockaddrs.map((each) => each.subarray(PORT_BYTES, 2 * PORT_BYTES)),
        ]
  return binary(0x21, FAMILIES[from.family], Buffer.concat([...body, tlvs]))
}

/** The proxy speaks for itself, to see whether we are there. */
export const local = (): Buffer => binary(0x20, 0)
