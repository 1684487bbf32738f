/** The kernel's tables of sockets, as planted text. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTcp, parseUnix } from '../../src/observe/sockets.js'

const row = (local: string, remote: string, state: string, queues: string, inode: number): string =>
  `   0: ${local} ${remote} ${state} ${queues} 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`
const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'

test('tcp: addresses, states and queues', () => {
  const text =
    head +
    row('0100007F:23E6', '00000000:0000', '0A', '00000000:00000003', 11) +
    row('0100007F:23E6', '0200007F:C8D1', '06', '00000000:00000000', 0) +
    row('0100007F:23E6', '0200007F:C8D2', '08', '00000010:00000005', 12)
  const listens = { kind: 'tcp', local: '127.0.0.1:9190', localPort: 9190, remote: '0.0.0.0:0', state: 'LISTEN' }
  const closes = { ...listens, remote: '127.0.0.2:51410', state: 'CLOSE_WAIT' }
  assert.deepEqual(
    [...parseTcp(text)],
    [
      [11, { ...listens, unsentBytes: 0, unreadBytes: 3 }],
      [12, { ...closes, unsentBytes: 16, unreadBytes: 5 }],
    ],
  )
})

const addresses: [hex: string, words: string][] = [
  ['00000000000000000000000001000000:23E6', '[::1]:9190'],
  ['B80D0120000000000000000001000000:0050', '[2001:db8::1]:80'],
  ['0000000000000000FFFF00000100007F:23E6', '127.0.0.1:9190'],
]
for (const [hex, words] of addresses)
  test(`tcp6: ${words}`, () => {
    const socket = parseTcp(head + row(hex, `${'0'.repeat(32)}:0000`, '01', '0:0', 1)).get(1)
    assert.equal(socket?.kind === 'tcp' && socket.local, words)
  })

test('unix: names with blanks, abstract and none; what listens; a path that would move the cursor', () => {
  const text = [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '0000000000000000: 00000002 00000000 00010000 0001 01 21 /run/my server.sock',
    '0000000000000000: 00000003 00000000 00000000 0001 03 22',
    '0000000000000000: 00000003 00000000 00000000 0001 03 23 @abstract',
    '0000000000000000: 00000002 00000000 00000000 0002 01 24 /run/\x1b[2J',
    '',
  ].join('\n')
  assert.deepEqual(
    [...parseUnix(text)].map(([inode, socket]) => [inode, socket.kind === 'unix' && socket.path, socket.state]),
    [
      [21, 'unix:/run/my server.sock', 'LISTEN'],
      [22, '', 'CONNECTED'],
      [23, 'unix:@abstract', 'CONNECTED'],
      [24, 'unix:/run/\\x1b[2J', 'UNCONNECTED'],
    ],
  )
})
