/** Framings cut what comes into messages, whatever the chunks, and say what is wrong with what is none. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Framing, MOST_MESSAGE_BYTES } from '../../../src/store/framing/framing.js'
import { parseFraming } from '../../../src/store/framing/parse-framing.js'

interface Cut {
  readonly messages: string[]
  readonly refused: string | undefined
}

const MOST = 20

/** What becomes of chunks, and then of the end; nothing is given to a cutter that has refused. */
function cut(framing: Framing, chunks: readonly Buffer[]): Cut {
  const cutter = framing.cutter(MOST)
  const messages: string[] = []
  const deliver = (message: Buffer, why?: string): void =>
    void messages.push(why === undefined ? message.toString('latin1') : `refused: ${why}`)
  for (const chunk of chunks) {
    // as a read buffer, of which the next read makes something else
    const reused = Buffer.from(chunk)
    const refused = cutter.take(reused, deliver)
    reused.fill('?')
    if (refused !== undefined) return { messages, refused }
  }
  return { messages, refused: cutter.finish(deliver) }
}

/** Whole, byte by byte, and in two and three chunks with every border there is. */
function* splits(bytes: Buffer): Generator<Buffer[]> {
  yield [bytes]
  yield [...bytes].map((byte) => Buffer.from([byte]))
  for (let one = 0; one <= bytes.length; one++)
    for (let two = one; two <= bytes.length; two++)
      yield [bytes.subarray(0, one), bytes.subarray(one, two), bytes.subarray(two)]
}

const sized = (...messages: string[]): string =>
  messages.map((text) => `\0\0\0${String.fromCharCode(text.length)}${text}`).join('')

const cases: [framing: string, input: string, messages: string[], refused?: RegExp][] = [
  ['line', 'a\n\nb\r\nlast', ['a', '', 'b\r', 'last']],
  ['line', `${'x'.repeat(MOST)}\ny`, ['x'.repeat(MOST), 'y']],
  ['line', `a\n${'x'.repeat(MOST + 1)}`, ['a'], /^message longer than 20 bytes$/],
  ['line', `a\n${'x'.repeat(MOST + 1)}\nb\n`, ['a'], /^message longer than 20 bytes$/],
  ['delimiter:nul', 'a\0b\n\0\0c', ['a', 'b\n', '', 'c']],
  ['delimiter:crlf', 'a\r\r\nb\nc\r\n\r\n\r', ['a\r', 'b\nc', '', '\r']],
  ['delimiter:crlf', `${'x'.repeat(MOST)}\r\ny`, ['x'.repeat(MOST), 'y']],
  ['delimiter:crlf', `${'x'.repeat(MOST)}\r`, [], /^message longer than 20 bytes$/],
  ['delimiter:%3B', 'a;b;', ['a', 'b']],
  ['delimiter:aab', 'aaab-aab', ['a', '-']],
  ['length', sized('', 'a', 'two\n', '', 'x'.repeat(MOST)), ['', 'a', 'two\n', '', 'x'.repeat(MOST)]],
  // one that is longer is passed over, and nothing of it is taken for another
  [
    'length',
    sized('a', `${sized('b')}${'x'.repeat(16)}`, 'c'),
    ['a', 'refused: message longer than 20 bytes: the four bytes before it say 21', 'c'],
  ],
  ['length', `${sized('a')}\0\0\0\x15xyz`, ['a'], /^message not complete: 3 of 21 bytes came$/],
  ['length', '\x01\0\0\x01', [], /^message longer than 20 bytes: the four bytes before it say 16777217$/],
  ['length', '\x01\0\0\0', [], /^message not complete: 0 of 16777216 bytes came$/],
  ['length', `${sized('a')}\xff\xff\xff\xff`, ['a'], /say 4294967295$/],
  ['length', 'GET / HTTP/1.1\r\n', [], /^message longer than 20 bytes: the four bytes before it say 1195725856$/],
  ['length', `${sized('a')}\0\0`, ['a'], /^message not complete: 2 of 4 bytes of its length came$/],
  ['length', `${sized('a')}\0\0\0\x05xyz`, ['a'], /^message not complete: 3 of 5 bytes came$/],
  ['length', '\0\0\0\x05', [], /^message not complete: 0 of 5 bytes came$/],
  ['octet-count', '1 a4 two\n10 0123456789', ['a', 'two\n', '0123456789']],
  // of RFC 6587, 3.4.2; and what senders put behind counted ones
  ['octet-count', '<1>one\n3 <2><3>\n2 <4\n<5>\r\n1 x\0\r\n1 y\n', ['<1>one', '<2>', '<3>', '<4', '<5>\r', 'x', 'y']],
  ['octet-count', '<1>one\n<2>last', ['<1>one', '<2>last']],
  ['octet-count', `<${'x'.repeat(MOST)}\n`, [], /^message longer than 20 bytes$/],
  ['octet-count', `1 a21 ${'1 b'.repeat(7)}1 c`, ['a', 'refused: message longer than 20 bytes: it has 21', 'c']],
  ['octet-count', '1 a21 xyz', ['a'], /^message not complete: 3 of 21 bytes came$/],
  ['octet-count', '16777216 ', [], /^message not complete: 0 of 16777216 bytes came$/],
  ['octet-count', '16777217 ', [], /^message longer than 20 bytes: its length begins with 16777217$/],
  ['octet-count', '99999999999999999999999999', [], /^message longer than 20 bytes: its length begins with 99999999$/],
  ['octet-count', '1 a-5 xyz', ['a'], /^expected the length of a message, as RFC 6587 has it, or <, got "-"$/],
  ['octet-count', '1 a05 xyz', ['a'], /got "0"$/],
  ['octet-count', '1 a 5 xyz', ['a'], /got byte 0x20$/],
  ['octet-count', '5\nxyz', [], /^expected a space after the length of a message, got byte 0x0a$/],
  ['octet-count', '1 a5<x>', ['a'], /^expected a space after the length of a message, got "<"$/],
  ['octet-count', 'GET / HTTP/1.1', [], /got "G"$/],
  ['octet-count', '\x16\x03\x01', [], /got byte 0x16$/],
  ['octet-count', '1 a12', ['a'], /^message not complete: its length, 12, and nothing of it came$/],
  ['octet-count', '1 a5 xyz', ['a'], /^message not complete: 3 of 5 bytes came$/],
]

for (const [name, input, messages, refused = /^undefined$/] of cases)
  test(`${name}: ${JSON.stringify(input)}`, () => {
    const framing = parseFraming('framing', name)
    for (const chunks of splits(Buffer.from(input, 'latin1'))) {
      const found = cut(framing, chunks)
      assert.deepEqual(found.messages, messages, `in chunks of ${chunks.map(({ length }) => length)}`)
      assert.match(String(found.refused), refused)
    }
  })

test('raw: a read is a message, and one that is longer than allowed is several', () => {
  const framing = parseFraming('framing', 'raw')
  const long = 'x'.repeat(2 * MOST)
  assert.deepEqual(
    cut(
      framing,
      ['a\n', `${long}y`, 'b'].map((text) => Buffer.from(text)),
    ).messages,
    [...['a\n', 'x'.repeat(MOST), 'x'.repeat(MOST), 'y', 'b']],
  )
})

test('one that never ends is refused as soon as it is too long', () => {
  for (const [name, ending] of [
    ['line', 1],
    ['delimiter:crlf', 2],
    ['octet-count', 1],
  ] as const) {
    const cutter = parseFraming('framing', name).cutter(MOST)
    const most = MOST + ending - 1
    assert.equal(
      cutter.take(Buffer.alloc(most, '<'), () => {}),
      undefined,
      name,
    )
    assert.equal(
      cutter.take(Buffer.alloc(1, '<'), () => {}),
      'message longer than 20 bytes',
      name,
    )
  }
})

test('whether a message has begun', () => {
  const begun: [framing: string, chunks: [input: string, partial: boolean][]][] = [
    [
      'line',
      [
        ['a', true],
        ['\n', false],
        ['b\nc', true],
      ],
    ],
    [
      'length',
      [
        ['\0', true],
        ['\0\0\x02', true],
        ['x', true],
        ['y', false],
        ['\0\0\0\0', false],
      ],
    ],
    [
      'octet-count',
      [
        ['1', true],
        ['0 ', true],
        ['0123456789', false],
        ['\n', false],
        ['<1>', true],
        ['x\n', false],
      ],
    ],
    ['raw', [['a', false]]],
  ] // prettier-ignore
  for (const [name, chunks] of begun) {
    const cutter = parseFraming('framing', name).cutter(MOST)
    for (const [input, partial] of chunks) {
      cutter.take(Buffer.from(input), () => {})
      assert.equal(cutter.partial, partial, `${name}: ${JSON.stringify(input)}`)
    }
  }
})

test('what goes back is cut as it was framed', () => {
  const messages = ['a', 'error: no', '\xff\0']
  for (const name of [
    'line',
    'length',
    'octet-count',
    'delimiter:nul',
    'delimiter:crlf',
    'delimiter:;',
    'delimiter:%1e',
  ])
    for (const message of name === 'delimiter:nul' ? messages.slice(0, 2) : messages) {
      const framing = parseFraming('framing', name)
      const framed = framing.frame(Buffer.from(message, 'latin1'))
      assert.deepEqual(cut(framing, [Buffer.concat([framed, framed])]), {
        messages: [message, message],
        refused: undefined,
      })
    }
})

test('one that is passed over is kept nowhere', () => {
  for (const name of ['length', 'octet-count']) {
    const framing = parseFraming('framing', name)
    const cutter = framing.cutter(MOST)
    const framed = framing.frame(Buffer.alloc(MOST_MESSAGE_BYTES, 'x'))
    const before = process.memoryUsage().arrayBuffers
    let refusals = 0
    for (let at = 0; at < framed.length; at += 65_536)
      cutter.take(framed.subarray(at, at + 65_536), (_message, refused) => void (refused && refusals++))
    assert.equal(refusals, 1)
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024)
    assert.equal(cutter.partial, false)
  }
})

test('megabytes in small chunks take time and memory in proportion to them', () => {
  const megabyte = 1024 * 1024
  const message = Buffer.alloc(4 * megabyte, 'x')
  for (const name of ['line', 'length', 'octet-count', 'delimiter:crlf']) {
    const framing = parseFraming('framing', name)
    const cutter = framing.cutter(message.length)
    const framed = framing.frame(message)
    let lengths: number[] = []
    const before = performance.now()
    for (let round = 0; round < 2; round++)
      for (let at = 0; at < framed.length; at += 1000)
        cutter.take(framed.subarray(at, at + 1000), ({ length }) => void lengths.push(length))
    assert.deepEqual(lengths, [message.length, message.length])
    lengths = []
    // a copy of all that is held for each chunk would be 16 GB
    assert.ok(performance.now() - before < 5000)
  }
})

test('what is no framing is refused in clear words', () => {
  const wrong: [typed: unknown, said: string][] = [
    ['lines', '--framing: expected line, length, octet-count, raw or delimiter:BYTES, got "lines"'],
    ['constructor', '--framing: expected line, length, octet-count, raw or delimiter:BYTES, got "constructor"'],
    [7, '--framing: expected line, length, octet-count, raw or delimiter:BYTES, got 7'],
    [
      'delimiter:',
      '--framing: expected delimiter:nul, delimiter:crlf, or 1 to 16 bytes, where %00 is one, got "delimiter:"',
    ],
    [
      'delimiter:%0',
      '--framing: expected delimiter:nul, delimiter:crlf, or 1 to 16 bytes, where %00 is one, got "delimiter:%0"',
    ],
  ]
  for (const [typed, message] of wrong)
    assert.throws(() => parseFraming('--framing', typed), { name: 'TypeError', message })
})
