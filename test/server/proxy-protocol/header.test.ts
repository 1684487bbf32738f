/** Headers of the PROXY protocol: where they end, what they say, and what is none. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAddress } from '../../../src/libc/address.js'
import { headerBytes, MOST_HEADER_BYTES, parseHeader } from '../../../src/server/proxy-protocol/header.js'
import { ProxyHeaderError } from '../../../src/server/proxy-protocol/header-error.js'
import { binary, local, version1, version2 } from '../../harness/proxy-header.js'

/** What it says, in words: `SOURCE to DESTINATION`, or `itself`. */
function said(header: Buffer): string {
  assert.equal(headerBytes(header), header.length)
  const relayed = parseHeader(header)
  return relayed === undefined ? 'itself' : `${formatAddress(relayed.source)} to ${formatAddress(relayed.destination)}`
}

const line = (text: string): Buffer => Buffer.from(`${text}\r\n`)
const V4 = ['203.0.113.7:4711', '10.0.0.1:9190'] as const
const V6 = ['[2001:db8::7]:4711', '[fd00::1]:9190'] as const
const tlv = (type: number, value: string): Buffer =>
  Buffer.concat([Buffer.from([type, 0, value.length]), Buffer.from(value)])

const good: [name: string, header: Buffer, says: string][] = [
  ['version 1, IPv4', version1(...V4), '203.0.113.7:4711 to 10.0.0.1:9190'],
  ['version 1, IPv6', version1(...V6), '[2001:db8::7]:4711 to [fd00::1]:9190'],
  [
    'version 1, the least and the greatest port',
    line('PROXY TCP4 1.2.3.4 5.6.7.8 0 65535'),
    '1.2.3.4:0 to 5.6.7.8:65535',
  ],
  [
    'version 1, an address that is not in its shortest form',
    line('PROXY TCP6 2001:0DB8:0:0:0:0:0:7 ::ffff:10.0.0.1 1 2'),
    '[2001:db8::7]:1 to 10.0.0.1:2',
  ],
  ['version 1, UNKNOWN alone, as HAProxy sends it to see whether we are there', line('PROXY UNKNOWN'), 'itself'],
  ['version 1, UNKNOWN with what is to be ignored', line(`PROXY UNKNOWN ${'f'.repeat(91)}`), 'itself'],
  ['version 2, IPv4', version2(...V4), '203.0.113.7:4711 to 10.0.0.1:9190'],
  ['version 2, IPv6', version2(...V6), '[2001:db8::7]:4711 to [fd00::1]:9190'],
  ['version 2, IPv4 in IPv6', version2('[::ffff:203.0.113.7]:1', '[fd00::1]:2'), '203.0.113.7:1 to [fd00::1]:2'],
  ['version 2, UDP', binary(0x21, 0x12, Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 0, 2])), '1.2.3.4:1 to 5.6.7.8:2'],
  ['version 2, unix sockets', version2('unix:/run/a', 'unix:/run/b'), 'unix:/run/a to unix:/run/b'],
  [
    'version 2, abstract names, and one of every byte',
    version2('unix:@a', `unix:/${'b'.repeat(106)}`),
    `unix:@a to unix:/${'b'.repeat(106)}`,
  ],
  ['version 2, unix sockets without names', binary(0x21, 0x31, Buffer.alloc(216)), 'unix: to unix:'],
  ['version 2, LOCAL', local(), 'itself'],
  ['version 2, LOCAL, whatever else it says', binary(0x20, 0x55, Buffer.from('any')), 'itself'],
  ['version 2, LOCAL with addresses', Buffer.concat([binary(0x20, 0x11, Buffer.alloc(12))]), 'itself'],
  ['version 2, unspecified', binary(0x21, 0x00, tlv(4, 'xy')), 'itself'],
  [
    'version 2 with a checksum, a name and padding behind the addresses',
    version2(...V4, Buffer.concat([tlv(3, 'crc!'), tlv(2, 'example.org'), tlv(4, '\0'.repeat(100))])),
    '203.0.113.7:4711 to 10.0.0.1:9190',
  ],
  [
    'version 2, as long as may be',
    binary(0x21, 0x11, Buffer.alloc(MOST_HEADER_BYTES - 16, 1)),
    '1.1.1.1:257 to 1.1.1.1:257',
  ],
]

for (const [name, header, says] of good)
  test(`a header: ${name}`, () => {
    assert.equal(said(header), says)
    for (let some = 1; some < header.length; some++) {
      const length = headerBytes(header.subarray(0, some))
      assert.ok(length === undefined || length === header.length, `${length} after ${some} bytes`)
      if (length === undefined) continue
      // where it ends is known before it is there
      assert.ok(header[0] === 0x0d && some >= 16)
    }
    assert.equal(headerBytes(Buffer.concat([header, Buffer.from('PROXY data\r\n')])), header.length, 'not a byte more')
  })

const bad: [name: string, header: Buffer, error: RegExp][] = [
  ['a line of something else', line('GET / HTTP/1.1'), /^expected a header, got "GET \/ HTTP\/1\.1\\r\\n"$/],
  ['a byte', Buffer.from('x'), /^expected a header, got "x"$/],
  ['TLS', Buffer.from([0x16, 3, 1, 2, 0]), /^expected a header/],
  ['small letters', line('proxy TCP4 1.2.3.4 5.6.7.8 1 2'), /^expected a header/],
  ['a signature that breaks off', Buffer.from('\r\n\r\n\0\r\nQUITE'), /^expected a header/],
  ['a newline alone', Buffer.from('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n'), /^version 1: expected TCP4, TCP6 or UNKNOWN/],
  ['two blanks', line('PROXY TCP4  1.2.3.4 5.6.7.8 1 2'), /^version 1: expected TCP4/],
  ['a blank too many', line('PROXY TCP4 1.2.3.4 5.6.7.8 1 2 '), /^version 1: expected TCP4/],
  ['another family', line('PROXY UDP4 1.2.3.4 5.6.7.8 1 2'), /^version 1: expected TCP4/],
  ['UNKNOWN run together', line('PROXY UNKNOWNS'), /^version 1: expected TCP4/],
  ['no ports', line('PROXY TCP4 1.2.3.4 5.6.7.8'), /^version 1: expected TCP4/],
  [
    'a port too large',
    line('PROXY TCP4 1.2.3.4 5.6.7.8 65536 2'),
    /^version 1: expected addresses of TCP4 and ports up to 65535/,
  ],
  ['a zero before a port', line('PROXY TCP4 1.2.3.4 5.6.7.8 01 2'), /^version 1: expected TCP4/],
  ['a sign', line('PROXY TCP4 1.2.3.4 5.6.7.8 -1 2'), /^version 1: expected TCP4/],
  ['a name', line('PROXY TCP4 localhost 5.6.7.8 1 2'), /^version 1: expected addresses of TCP4/],
  ['IPv6 in TCP4', line('PROXY TCP4 ::1 5.6.7.8 1 2'), /^version 1: expected addresses of TCP4/],
  ['IPv4 in TCP6', line('PROXY TCP6 1.2.3.4 ::1 1 2'), /^version 1: expected addresses of TCP6/],
  ['a zone', line('PROXY TCP6 fe80::1%eth0 ::1 1 2'), /^version 1: expected addresses of TCP6/],
  [
    'a line without an end',
    Buffer.from(`PROXY UNKNOWN ${'x'.repeat(93)}`),
    /^version 1: expected an end of line within 107 bytes/,
  ],
  [
    'another version',
    binary(0x11, 0x11, Buffer.alloc(12)),
    /^version 2: expected LOCAL \(0x20\) or PROXY \(0x21\), got 0x11$/,
  ],
  ['another command', binary(0x22, 0x11, Buffer.alloc(12)), /^version 2: expected LOCAL .*, got 0x22$/],
  [
    'another family',
    binary(0x21, 0x41, Buffer.alloc(12)),
    /^version 2: expected TCP, UDP or a unix socket .*, got 0x41$/,
  ],
  ['a family without a transport', binary(0x21, 0x10, Buffer.alloc(12)), /^version 2: .*, got 0x10$/],
  ['another transport', binary(0x21, 0x13, Buffer.alloc(12)), /^version 2: .*, got 0x13$/],
  [
    'too few bytes for IPv4',
    binary(0x21, 0x11, Buffer.alloc(11)),
    /^version 2: expected 12 bytes of addresses, got 11$/,
  ],
  [
    'too few bytes for IPv6',
    binary(0x21, 0x21, Buffer.alloc(35)),
    /^version 2: expected 36 bytes of addresses, got 35$/,
  ],
  [
    'too few bytes for unix',
    binary(0x21, 0x31, Buffer.alloc(215)),
    /^version 2: expected 216 bytes of addresses, got 215$/,
  ],
  [
    'a header that is too long',
    binary(0x21, 0x11, Buffer.alloc(0), 65_535),
    /^version 2: expected a header of at most 4096 bytes, got one of 65551$/,
  ],
]

for (const [name, bytes, message] of bad)
  test(`no header: ${name}`, () =>
    assert.throws(
      () => {
        const length = headerBytes(bytes)
        // one that were waited for would be none either: a deadline ends that
        assert.equal(length, bytes.length)
        parseHeader(bytes)
      },
      (error) => error instanceof ProxyHeaderError && error.code === 'EPROTO' && message.test(error.message),
    ))

test('what is neither the one version nor the other is known by its first byte that differs', () => {
  for (const header of [version1(...V4), version2(...V4)])
    for (let at = 0; at < 6; at++) {
      const spoilt = Buffer.from(header.subarray(0, at + 1))
      spoilt[at] = 0xff
      assert.throws(() => headerBytes(spoilt), ProxyHeaderError)
    }
})
