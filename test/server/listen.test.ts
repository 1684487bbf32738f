/** What is set on a listening socket holds for every connection that it accepts. */
import assert from 'node:assert/strict'
import net from 'node:net'
import { test } from 'node:test'
import { IPPROTO_TCP, SOCK_CLOEXEC, SOL_SOCKET, TCP_NODELAY } from '../../src/libc/constants.js'
import { close } from '../../src/libc/fd.js'
import { SO_KEEPALIVE, TCP_KEEPCNT, TCP_KEEPIDLE, TCP_KEEPINTVL } from '../../src/libc/io-constants.js'
import { accept4, getsockopt } from '../../src/libc/socket.js'
import { type ListenOptions, openListener } from '../../src/server/listen.js'
import { until } from '../harness/until.js'

async function accepted(options: Partial<ListenOptions>): Promise<number[]> {
  const all = { backlog: 16, keepAliveMs: 0, keepAliveIntervalMs: 1000, keepAliveProbes: 6, noDelay: true, ...options }
  const { fd: listener, address } = openListener({ family: 'IPv4', address: '127.0.0.1', port: 0 }, all)
  const client = net.connect((address as { port: number }).port, '127.0.0.1')
  const fd = await until('a connection', () => accept4(listener, SOCK_CLOEXEC))
  const asked = [
    [SOL_SOCKET, SO_KEEPALIVE],
    [IPPROTO_TCP, TCP_KEEPIDLE],
    [IPPROTO_TCP, TCP_KEEPINTVL],
    [IPPROTO_TCP, TCP_KEEPCNT],
    [IPPROTO_TCP, TCP_NODELAY],
  ] as const
  const values = asked.map(([level, name]) => getsockopt(fd, level, name))
  for (const each of [fd, listener]) close(each)
  client.destroy()
  return values
}

test('keep-alive, its times and TCP_NODELAY are those of the options', async () => {
  const options = { keepAliveMs: 90_500, keepAliveIntervalMs: 7000, keepAliveProbes: 3 }
  assert.deepEqual(await accepted(options), [1, 91, 7, 3, 1])
})

test('without keep-alive the kernel does not ask, and small writes may wait', async () => {
  const [keepAlive, , , , noDelay] = await accepted({ noDelay: false })
  assert.deepEqual([keepAlive, noDelay], [0, 0])
})
