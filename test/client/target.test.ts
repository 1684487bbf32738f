/** What a client may be told to connect to. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDestination, parseTarget, type Target } from '../../src/client/target.js'

const understood: [Target, string, string][] = [
  ['127.0.0.1:9190', 'IPv4', '127.0.0.1:9190'],
  ['9190', 'IPv4', '127.0.0.1:9190'],
  ['[::1]:80', 'IPv6', '[::1]:80'],
  ['localhost:9190', 'name', 'localhost:9190'],
  ['example.org:65535', 'name', 'example.org:65535'],
  ['unix:/run/x.sock', 'unix', 'unix:/run/x.sock'],
  ['unix:@abstract', 'unix', 'unix:@abstract'],
  [{ port: 7 }, 'IPv4', '127.0.0.1:7'],
  [{ host: '::1', port: 7 }, 'IPv6', '[::1]:7'],
  [{ host: 'example.org', port: 7 }, 'name', 'example.org:7'],
  [{ path: '/run/x.sock' }, 'unix', 'unix:/run/x.sock'],
]

for (const [target, family, shown] of understood)
  test(`${JSON.stringify(target)} is ${family} ${shown}`, () => {
    const destination = parseTarget(target)
    assert.equal(destination.family, family)
    assert.equal(formatDestination(destination), shown)
  })

const refused: [unknown, typeof TypeError | typeof RangeError][] = [
  ['', TypeError],
  ['example.org', TypeError],
  ['::1:80', TypeError],
  ['[example.org]:80', TypeError],
  ['[fe80::1%eth0]:80', TypeError],
  ['127.0.0.1:0', RangeError],
  ['127.0.0.1:65536', RangeError],
  ['unix:', RangeError],
  [`unix:/${'x'.repeat(107)}`, RangeError],
  ['*:80', TypeError],
  [{ host: 7, port: 7 }, TypeError],
  [{ host: 'a b', port: 7 }, TypeError],
  [{ port: '7' }, TypeError],
  [{ port: 1.5 }, RangeError],
  [{}, TypeError],
  [null, TypeError],
  [9190, TypeError],
]

for (const [target, expected] of refused)
  test(`${JSON.stringify(target)} is refused with a ${expected.name}`, () => {
    assert.throws(() => parseTarget(target as Target), expected)
  })
