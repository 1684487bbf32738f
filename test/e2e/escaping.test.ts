/** What a client has chosen the bytes of reaches no log and no terminal as it is. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { encodeSockaddr, parseAddress } from '../../src/libc/address.js'
import { SOCK_CLOEXEC, SOCK_STREAM } from '../../src/libc/constants.js'
import { close } from '../../src/libc/fd.js'
import { bindRaw } from '../../src/libc/raw.js'
import { connect, socket } from '../../src/libc/socket.js'
import { sendNow } from '../../src/libc/stream.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

/** `ě` ends in the byte of an escape. */
const NAME = Buffer.from('\0x\n\u001b[2Jtined: forged\u009b\u202eě')
const SHOWN = 'unix:@x\\n\\x1b[2Jtined: forged\\x9b\\u{202e}ě\\xff'

/** Connects from an abstract name that is no UTF-8, sends, and gives the descriptor. */
function hostileClient(server: string): number {
  const address = parseAddress(server)
  const fd = socket(address, SOCK_STREAM | SOCK_CLOEXEC)
  const name = Buffer.concat([encodeSockaddr({ family: 'unix', path: '' }).subarray(0, 2), NAME, Buffer.of(0xff)])
  assert.equal(bindRaw(fd, name, name.length), 0)
  connect(fd, address)
  sendNow(fd, Buffer.from('x'))
  return fd
}

for (const log of ['pretty', 'json'] as const)
  for (const [model, style] of [
    ['fork', 'function'],
    ['fork', 'none'],
    ['prefork', 'function'],
    ['prefork', 'none'],
    ['multiplex', 'function'],
    ['single', 'node'],
  ] as const)
    test(`a client's name and what it made a handler say are escaped: model ${model}, style ${style}, log ${log}`, async () => {
      const options = {
        model,
        log,
        logLevel: 'debug',
        listen: `unix:@tined-${process.pid}-${model}-${style}-${log}`,
      } as const
      await withServer(fixture('printing.js', options, style, 'hostile'), async (server) => {
        const fd = hostileClient(server.address)
        await until('the end', () => server.stderr.includes('the handler failed'))
        assert.doesNotMatch(server.stderr, /(?!\n)\p{Cc}|\p{Cf}/u)
        assert.doesNotMatch(server.stderr, /^(tined: )?forged|^\{"level":30,"msg":"forged"/m)
        assert.ok(server.stderr.replaceAll('\\\\', '\\').includes(SHOWN), server.stderr)
        close(fd)
      })
    })

test("a client's name is no escape in the title of its process", async () => {
  const options = { listen: `unix:@tined-${process.pid}-title` }
  await withServer(fixture('echo-callbacks.js', options), async (server) => {
    const fd = hostileClient(server.address)
    const [pid] = await server.connections(1)
    const title = await until('its title', () => {
      const text = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replace(/\0+$/, '')
      return text.includes('connection') ? text : undefined
    })
    assert.doesNotMatch(title, /\p{Cc}/u)
    assert.ok(title.startsWith(`tined: connection ${SHOWN.slice(0, 30)}`), title)
    close(fd)
    await server.connections(0)
  })
})
