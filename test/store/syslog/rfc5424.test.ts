/** Messages of RFC 5424, its own examples first, and what is none. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { syslogFields } from '../../../src/store/syslog/fields.js'

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const fieldsOf = (message: string | Buffer): unknown => plain(syslogFields(Buffer.from(message as string)))

const parsed: [message: string, syslog: Record<string, unknown>][] = [
  // section 6.5, with its BOM as it is
  [
    "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \ufeff'su root' failed for lonvick on /dev/pts/8",
    {
      ...{ facility: 'auth', severity: 'crit', timestamp: '2003-10-11T22:14:15.003Z' },
      ...{ hostname: 'mymachine.example.com', appName: 'su', msgId: 'ID47' },
      msg: "'su root' failed for lonvick on /dev/pts/8",
    },
  ],
  [
    "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.",
    {
      ...{ facility: 'local4', severity: 'notice', timestamp: '2003-08-24T05:14:15.000003-07:00' },
      ...{ hostname: '192.0.2.1', appName: 'myproc', procId: '8710', msg: "%% It's time to make the do-nuts." },
    },
  ],
  [
    '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"][examplePriority@32473 class="high"]',
    {
      ...{ facility: 'local4', severity: 'notice', timestamp: '2003-10-11T22:14:15.003Z' },
      ...{ hostname: 'mymachine.example.com', appName: 'evntslog', msgId: 'ID47' },
      structuredData: {
        'exampleSDID@32473': { iut: '3', eventSource: 'Application', eventID: '1011' },
        'examplePriority@32473': { class: 'high' },
      },
    },
  ],
  ['<14>1 - - - - - - of rsyslog\n', { facility: 'user', severity: 'info', msg: 'of rsyslog' }],
  ['<0>1 - - - - - -', { facility: 'kern', severity: 'emerg' }],
  ['<191>1 - - - - - - ', { facility: 'local7', severity: 'debug' }],
  [
    '<13>1 - - - - - [a@1][b x="1" y="" x="2" x="3"] [no data] "\n \\',
    {
      ...{ facility: 'user', severity: 'notice' },
      structuredData: { 'a@1': {}, b: { x: ['1', '2', '3'], y: '' } },
      msg: '[no data] "\n \\',
    },
  ],
  [
    '<13>1 - - - - - [a v="\\"\\\\\\]\\n\\\\\\" ä\n="]',
    { facility: 'user', severity: 'notice', structuredData: { a: { v: '"\\]\\n\\" ä\n=' } } },
  ],
  [
    '<13>1 - - __proto__ constructor - [__proto__ __proto__="1" toString="2"] x',
    JSON.parse(
      '{"facility":"user","severity":"notice","appName":"__proto__","procId":"constructor","structuredData":{"__proto__":{"__proto__":"1","toString":"2"}},"msg":"x"}',
    ) as Record<string, unknown>,
  ],
]

for (const [message, syslog] of parsed)
  test(`what ${JSON.stringify(message)} says`, () => {
    assert.deepEqual(fieldsOf(message), { syslog })
    assert.equal(({} as Record<string, unknown>)['1'], undefined)
  })

const refused: [message: string, why: string][] = [
  ['', 'expected a priority like <13>, got the end after 0 characters'],
  ['hello', 'expected a priority like <13>, got "hello" after 0 characters'],
  ['<34>Oct 11 22:14:15 mymachine su: hi', 'expected a version and a blank, got "Oct 11 22:" after 4 characters'],
  ['<192>1 - - - - - -', 'expected a priority of at most 191, got 192'],
  ['<01>1 - - - - - -', 'expected a priority like <13>, got "<01>1 - - " after 0 characters'],
  ['<13>2 - - - - - -', 'expected version 1, got 2'],
  [
    '<13>1 2003-13-11T22:14:15Z - - - - -',
    'expected a time like 2026-01-31T12:00:00.123Z, or -, got "2003-13-11" after 6 characters',
  ],
  ['<13>1 - - - -', 'expected the id of a process, or -, got "-" after 12 characters'],
  ['<13>1 - - - - - ', 'expected structured data like [id name="value"], or -, got the end after 16 characters'],
  ['<13>1 - - - - - hi', 'expected structured data like [id name="value"], or -, got "hi" after 16 characters'],
  ['<13>1 - - - - - -hi', 'expected a blank before the message, got "hi" after 17 characters'],
  ['<13>1 - - - - - [a b="c', 'expected " at the end of a value, and \\ before ], got the end after 23 characters'],
  ['<13>1 - - - - - [a b="]"]', 'expected " at the end of a value, and \\ before ], got "]\\"]" after 22 characters'],
  ['<13>1 - - - - - [a b=c]', 'expected a value in quotes, got "c]" after 21 characters'],
  ['<13>1 - - - - - [a b="c"', 'expected ] or a blank, got the end after 24 characters'],
  [`<13>1 - - ${'a'.repeat(49)} - - -`, 'expected the name of a program, or -, got "aaaaaaaaaa" after 10 characters'],
]

for (const [message, syslogError] of refused)
  test(`why ${JSON.stringify(message)} is none`, () => {
    assert.deepEqual(fieldsOf(message), { syslogError })
  })

test('a text that is no UTF-8, or too much beside the message, is in the message only', () => {
  const head = '<13>1 - - - - - - '
  const syslog = { facility: 'user', severity: 'notice' }
  assert.deepEqual(fieldsOf(Buffer.from(`${head}\xff`, 'latin1')), { syslog })
  assert.deepEqual(fieldsOf(`${head}\ufffd`), { syslog: { ...syslog, msg: '\ufffd' } })
  assert.deepEqual(fieldsOf(head + 'x'.repeat(40_000)), { syslog })
  // each byte is six in JSON
  for (const length of [5000, 5001])
    assert.ok(JSON.stringify(syslogFields(Buffer.from(head.padEnd(length, '\x01')))).length < 32 * 1024)
  const value = 'x\\"'.repeat(1_000_000)
  assert.deepEqual(fieldsOf(`<13>1 - - - - - [a b="${value}"] x`), {
    syslogError: 'structured data are more than 32768 bytes',
  })
})

test('garbage of every kind is a reason, never an exception', () => {
  const whole = '<165>1 2003-10-11T22:14:15.003Z host app 1 id [a@1 b="\\"c" d="e"][f] \ufeffmsg'
  const [first, second] = [whole.indexOf('][') + 1, whole.indexOf('] ') + 1]
  for (let length = 0; length <= whole.length; length++)
    assert.equal(
      'syslog' in syslogFields(Buffer.from(whole.slice(0, length))),
      length === first || length >= second,
      whole.slice(0, length),
    )
  for (let at = 0; at < whole.length; at++)
    for (const byte of ['\0', '\xff', '"', '\\', ']', ' ', '-', '\n'])
      assert.equal(
        Object.keys(syslogFields(Buffer.from(whole.slice(0, at) + byte + whole.slice(at + 1), 'latin1'))).length,
        1,
      )
})
