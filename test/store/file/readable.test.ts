/** Messages as a terminal may show them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readable } from '../../../src/store/file/readable.js'

const shown: [what: string, bytes: Buffer, text: string][] = [
  ['plain text', Buffer.from('hello, Grüße 😀'), 'hello, Grüße 😀'],
  ['controls', Buffer.from('\0\t\r\x1b[2J\x7f'), '\\x00\\t\\r\\x1b[2J\\x7f'],
  ['C1 controls', Buffer.from('\u009b31m'), '\\x9b31m'],
  ['text that turns round, or is not seen', Buffer.from('\u202ea\u200bb\ufeff'), '\\u{202e}a\\u{200b}b\\u{feff}'],
  ['other line ends', Buffer.from('\u2028\u2029\u0085'), '\\u{2028}\\u{2029}\\x85'],
  ['bytes that are no UTF-8', Buffer.from([0x61, 0xe4, 0x00, 0xff]), 'a\\xe4\\x00\\xff'],
  ['nothing', Buffer.alloc(0), ''],
]

for (const [what, bytes, text] of shown)
  test(what, () => {
    assert.equal(readable(bytes), text)
  })
