/** The option `proxyProtocol`: which peers are proxies. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAddress } from '../../../src/libc/address.js'
import { proxyNetworks } from '../../../src/server/proxy-protocol/networks.js'

const type = proxyNetworks()

const cases: [given: string | string[], proxies: string[], others: string[]][] = [
  ['10.0.0.10', ['10.0.0.10:1'], ['10.0.0.11:1', '[::1]:1', 'unix:/x']],
  ['10.0.0.0/24', ['10.0.0.0:1', '10.0.0.255:2'], ['10.0.1.0:1']],
  ['10.0.0.77/24', ['10.0.0.1:1'], ['10.0.1.77:1']],
  ['fd00::/8', ['[fd12::1]:1'], ['[fe80::1]:1', '10.0.0.1:1']],
  [
    ['10.0.0.1', '::1', 'unix'],
    ['10.0.0.1:1', '[::1]:1', 'unix:/x'],
    ['10.0.0.2:1', '[::2]:1'],
  ],
  ['unix', ['unix:/x', 'unix:@y'], ['127.0.0.1:1', '[::1]:1']],
  [['0.0.0.0/0', '::/0'], ['1.2.3.4:1', '[2001:db8::1]:1'], ['unix:/x']],
]

for (const [given, proxies, others] of cases)
  test(`proxies in ${given}`, () => {
    const networks = type.check('proxyProtocol', given)
    for (const peer of proxies) assert.ok(networks.includes(parseAddress(peer)), peer)
    for (const peer of others) assert.ok(!networks.includes(parseAddress(peer)), peer)
  })

const refused: [given: unknown, error: RegExp][] = [
  [[], /^TypeError: proxyProtocol: expected an address, NETWORK\/BITS or unix, or a list of them, got $/],
  [true, /^TypeError: proxyProtocol: expected an address, .* got true$/],
  [[7], /^TypeError: proxyProtocol: expected an address, NETWORK\/BITS or unix, got 7$/],
  ['', /^TypeError: proxyProtocol: expected an address, NETWORK\/BITS or unix, got ""$/],
  ['proxy.example', /^TypeError: .*got "proxy\.example"$/],
  ['10.0.0', /^TypeError: .*got "10\.0\.0"$/],
  ['10.0.0.0/', /^TypeError: .*got "10\.0\.0\.0\/"$/],
  ['10.0.0.0/8/8', /^TypeError: .*got "10\.0\.0\.0\/8\/8"$/],
  ['fe80::1%eth0', /^TypeError: .*got "fe80::1%eth0"$/],
  ['unix:/run/x', /^TypeError: .*got "unix:\/run\/x"$/],
  ['10.0.0.0/33', /^RangeError: proxyProtocol: expected up to 32 bits, got "10\.0\.0\.0\/33"$/],
  ['::/129', /^RangeError: proxyProtocol: expected up to 128 bits, got "::\/129"$/],
]

for (const [given, error] of refused)
  test(`no proxies: ${JSON.stringify(given)}`, () =>
    assert.throws(
      () => type.check('proxyProtocol', given),
      (thrown) => error.test(String(thrown)),
    ))

test('one that is typed is read as it stands, or refused by the name of its flag', () => {
  assert.equal(type.read('--proxy-protocol', '10.0.0.0/8'), '10.0.0.0/8')
  assert.throws(() => type.read('--proxy-protocol', 'all'), /^TypeError: --proxy-protocol: expected an address/)
})
