/** Whom a Host header may name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopback, isOwnHost } from '../../src/page/hosts.js'

const hosts: [host: string | undefined, isOwn: boolean][] = [
  ['localhost', true],
  ['LOCALHOST:9191', true],
  ['127.0.0.1:9191', true],
  ['[::1]:9191', true],
  ['192.0.2.7:9191', true],
  ['192.0.2.8', false],
  ['evil.example', false],
  ['localhost.evil.example:9191', false],
  ['localhost@evil.example', false],
  ['localhost:x', false],
  ['[::1', false],
  ['', false],
  [undefined, false],
]
for (const [host, isOwn] of hosts)
  test(`Host ${host} is ${isOwn ? '' : 'not '}one of this machine`, () =>
    assert.equal(isOwnHost(host, '0.0.0.0', '::ffff:192.0.2.7'), isOwn))

test('the address that was given to --listen, of IPv6 too', () => {
  assert.ok(isOwnHost('[2001:db8::1]:80', '2001:db8::1', undefined))
  assert.ok(!isOwnHost('[2001:db8::2]:80', '2001:db8::1', undefined))
})

test('which addresses only this machine reaches', () =>
  assert.deepEqual(
    ['127.0.0.1', '127.9.9.9', '::1', '0.0.0.0', '::', '192.0.2.7', '127.0.0.1.example'].map(isLoopback),
    [...[true, true, true, false, false, false, false]],
  ))
