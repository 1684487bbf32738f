import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressHint } from '../../src/libc/address-hint.js'

const hints: [text: string, toListen: string, toConnect?: string][] = [
  [
    ':9190',
    '; did you mean 9190 for this machine only, or 0.0.0.0:9190 for all of its IPv4 addresses?',
    '; did you mean 9190?',
  ],
  ['/run/x.sock', '; did you mean unix:/run/x.sock?'],
  ['./x', '; did you mean unix:./x?'],
  ['x.sock', '; did you mean unix:x.sock?'],
  ['@x', '; did you mean unix:@x?'],
  ['127.0.0.1', '; did you mean 127.0.0.1:9190?'],
  ['::1', '; did you mean [::1]:9190?'],
  ['[::1]', '; did you mean [::1]:9190?'],
  ['::1:80', '; did you mean [::1]:80?'],
  ['localhost', '; did you mean localhost:9190?'],
  ['*', '; did you mean *:9190?'],
  ['tcp://127.0.0.1:80/', '; did you mean 127.0.0.1:80?'],
  ['example.org:80', '; names are not looked up', ''],
  ['80 unix:/x', '; several are given one by one, or in a variable apart by commas: 80,unix:/x', ''],
  ['nowhere', ''],
  ['', ''],
]

for (const [text, toListen, toConnect = toListen] of hints)
  test(`${JSON.stringify(text)}: what may have been meant`, () => {
    assert.equal(addressHint(text, true), toListen)
    assert.equal(addressHint(text, false), toConnect)
  })
