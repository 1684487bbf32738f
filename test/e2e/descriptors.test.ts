/** Which descriptors each process of a server holds, read from /proc while connections are open. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture, tined } from '../harness/program.js'
import { ownDescriptorsOf, sharedWith } from '../harness/same-file.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

/** `['/dev/null', 'pipe', 'socket']`, one entry a descriptor. */
const kindsOf = (pid: number): string[] =>
  ownDescriptorsOf(pid)
    .map(({ target }) => target.replace(/^anon_inode:\[(.*)\]$/, '$1').replace(/:\[\d+\]$/, ''))
    .sort()

const count = (kinds: readonly string[], kind: string): number => kinds.filter((each) => each === kind).length

/** Connects twice, and hands the test the two connection processes. */
async function withTwoConnections(server: TestServer, check: (pids: number[]) => void): Promise<void> {
  const clients = [await server.connect(), await server.connect()]
  for (const client of clients) await client.exchange('hello')
  const pids = await server.connections(2)
  // a child may answer before its parent has closed its own copy of the connection
  await until('the supervisor lets go', () => pids.every((pid) => sharedWith(pid, server.supervisor).length === 0))
  check(pids)
  for (const client of clients) client.close()
  await server.connections(0)
}

function assertNothingShared(pids: readonly number[]): void {
  for (const pid of pids)
    for (const other of pids)
      if (pid !== other) assert.deepEqual(sharedWith(pid, other), [], `descriptors of ${pid} that ${other} holds too`)
}

test('a connection process without an event loop holds its standard streams and its connection', async () => {
  await withServer(fixture('echo-callbacks.js'), (server) =>
    withTwoConnections(server, (connections) => {
      assertNothingShared([server.pid, server.supervisor, ...connections])
      for (const pid of connections) {
        const kinds = kindsOf(pid).filter((kind) => kind !== '/dev/null')
        assert.deepEqual(kinds, ['socket'])
      }
    }),
  )
})

for (const name of ['echo-async.js', 'echo-node-callbacks.js'])
  test(`a connection process of ${name} holds its standard streams, its connection and its own event loop`, async () => {
    await withServer(fixture(name), (server) =>
      withTwoConnections(server, (connections) => {
        assertNothingShared([server.pid, server.supervisor, ...connections])
        for (const pid of connections) {
          const kinds = kindsOf(pid)
          assert.equal(count(kinds, 'socket'), 1)
          const foreign = kinds.filter((kind) => !/^(\/dev\/null|socket|pipe|eventpoll|eventfd|io_uring)$/.test(kind))
          assert.deepEqual(foreign, [])
          assert.ok(count(kinds, 'eventpoll') <= 3, kinds.join(' '))
        }
      }),
    )
  })

test('the supervisor holds its listeners, a signalfd, the channel and the scoreboard, and no event loop', async () => {
  await withServer(tined('echo', '--listen', '127.0.0.1:0', '--listen', '[::1]:0'), (server) =>
    withTwoConnections(server, () => {
      const kinds = kindsOf(server.supervisor).filter((kind) => kind !== '/dev/null')
      assert.deepEqual(kinds, ['/memfd:tined-scoreboard (deleted)', 'signalfd', 'socket', 'socket', 'socket'])
    }),
  )
})

test('the launcher holds no listener', async () => {
  await withServer(fixture('echo-async.js'), async (server) => {
    const sockets = ownDescriptorsOf(server.pid).filter(({ target }) => target.startsWith('socket:'))
    assert.equal(sockets.length, 1, 'the channel to the supervisor is its only socket')
    assert.deepEqual(sharedWith(server.pid, server.supervisor), [])
  })
})
