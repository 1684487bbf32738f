import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decodeSockaddr,
  encodeSockaddr,
  formatAddress,
  parseAddress,
  type SocketAddress,
} from '../../src/libc/address.js'

const parsed: Record<string, SocketAddress> = {
  '127.0.0.1:9190': { family: 'IPv4', address: '127.0.0.1', port: 9190 },
  'localhost:80': { family: 'IPv4', address: '127.0.0.1', port: 80 },
  '*:0': { family: 'IPv4', address: '0.0.0.0', port: 0 },
  '65535': { family: 'IPv4', address: '127.0.0.1', port: 65535 },
  '[::1]:9190': { family: 'IPv6', address: '::1', port: 9190 },
  '[2001:db8::1]:443': { family: 'IPv6', address: '2001:db8::1', port: 443 },
  'unix:/run/x.sock': { family: 'unix', path: '/run/x.sock' },
  'unix:relative path': { family: 'unix', path: 'relative path' },
  'unix:@abstract': { family: 'unix', path: '\0abstract' },
}

for (const [text, address] of Object.entries(parsed))
  test(`${text} is understood`, () => assert.deepEqual(parseAddress(text), address))

const refused: Record<string, RegExp> = {
  '': /address: expected HOST:PORT/,
  'example.org:80': /numeric host.*"example\.org:80"/,
  '127.0.0.1': /address: expected HOST:PORT/,
  '127.0.0.1:': /address: expected HOST:PORT/,
  '127.0.0.1:-1': /address: expected HOST:PORT/,
  '127.0.0.1:65536': /address: expected a port from 0 to 65535, got "127\.0\.0\.1:65536"/,
  '256.0.0.1:80': /numeric host/,
  '::1:80': /address: expected HOST:PORT/,
  '[::1]': /address: expected HOST:PORT/,
  '[fe80::1%eth0]:80': /no zone/,
  '[127.0.0.1:80': /address: expected HOST:PORT/,
  'unix:': /address: expected a path of 1 to 107 bytes/,
  [`unix:/${'x'.repeat(107)}`]: /address: expected a path of 1 to 107 bytes/,
}

for (const [text, message] of Object.entries(refused))
  test(`${JSON.stringify(text).slice(0, 40)} is refused by name`, () =>
    assert.throws(() => parseAddress(text), message))

test('addresses are written as they are read', () => {
  for (const text of ['127.0.0.1:9190', '[::1]:9190', '[2001:db8::1]:443', 'unix:/run/x.sock', 'unix:@abstract'])
    assert.equal(formatAddress(parseAddress(text)), text)
  assert.equal(formatAddress({ family: 'unix', path: '' }), 'unix:')
})

test('a struct sockaddr_in is family, port in network order, address', () => {
  const encoded = encodeSockaddr({ family: 'IPv4', address: '192.0.2.7', port: 0x1234 })
  assert.deepEqual([...encoded], [2, 0, 0x12, 0x34, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0])
})

test('a struct sockaddr_in6 has its address at offset 8', () => {
  const encoded = encodeSockaddr({ family: 'IPv6', address: '2001:db8::ff00:42:8329', port: 80 })
  assert.equal(encoded.length, 28)
  assert.equal(encoded.subarray(8, 24).toString('hex'), '20010db8000000000000ff0000428329')
})

test('a path ends with a null byte, an abstract name does not', () => {
  assert.deepEqual([...encodeSockaddr({ family: 'unix', path: '/x' })], [1, 0, 0x2f, 0x78, 0])
  assert.deepEqual([...encodeSockaddr({ family: 'unix', path: '\0x' })], [1, 0, 0, 0x78])
})

test('what was encoded is decoded', () => {
  const addresses: SocketAddress[] = [
    { family: 'IPv4', address: '10.1.2.3', port: 65535 },
    { family: 'IPv6', address: '::', port: 0 },
    { family: 'IPv6', address: '2001:db8::1', port: 9190 },
    { family: 'unix', path: '/run/sörver.sock' },
    { family: 'unix', path: '\0abstract' },
  ]
  for (const address of addresses) {
    const encoded = encodeSockaddr(address)
    const room = Buffer.alloc(128)
    encoded.copy(room)
    assert.deepEqual(decodeSockaddr(room, encoded.length), address)
  }
})

test('an IPv4 client of an IPv6 socket shows as IPv4', () => {
  const encoded = encodeSockaddr({ family: 'IPv6', address: '::ffff:192.0.2.1', port: 7 })
  assert.deepEqual(decodeSockaddr(encoded, 28), { family: 'IPv4', address: '192.0.2.1', port: 7 })
})

test('a client without a name is unnamed', () => {
  assert.deepEqual(decodeSockaddr(Buffer.from([1, 0]), 2), { family: 'unix', path: '' })
  assert.deepEqual(decodeSockaddr(Buffer.alloc(128), 0), { family: 'unix', path: '' })
})
