/** One program may run several servers: their processes know nothing of each other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, converse, refusal } from '../harness/client.js'
import { childrenOf } from '../harness/proc.js'
import { fixture } from '../harness/program.js'
import { ownDescriptorsOf, sharedWith } from '../harness/same-file.js'
import { withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

interface Second {
  address: string
  supervisor: number
}

test('two servers of one program serve side by side, and share no descriptor', async () => {
  await withServer(fixture('two-servers.js'), async (server) => {
    const second = await server.ask<Second>('second')
    const supervisors = childrenOf(server.pid)
    const first = supervisors.find((pid) => pid !== second.supervisor) as number
    const clients = [await server.connect(), await Client.connect(second.address)] as const
    assert.equal(await clients[0].exchange('hello'), 'hello')
    assert.equal(await clients[1].send('hello').takeText('second hello'.length), 'second hello')
    const processes = [server.pid, ...supervisors, ...childrenOf(first), ...childrenOf(second.supervisor)]
    assert.equal(processes.length, 5)
    const shared = (): unknown[] =>
      processes.flatMap((pid) => processes.flatMap((other) => (pid === other ? [] : sharedWith(pid, other))))
    await until('nothing is shared', () => shared().length === 0).catch(() => assert.deepEqual(shared(), []))
    for (const supervisor of supervisors) {
      const sockets = ownDescriptorsOf(supervisor).filter(({ target }) => target.startsWith('socket:'))
      // handlers with Node's loop may give a client back
      const wayBack = supervisor === second.supervisor ? 2 : 0
      assert.equal(sockets.length, 2 + wayBack, 'a listener and the channel to the launcher')
    }
    for (const client of clients) client.close()
  })
})

test('when one server of a program stops, connections and all, the other goes on', async () => {
  await withServer(fixture('two-servers.js'), async (server) => {
    const { address } = await server.ask<Second>('second')
    const client = await Client.connect(address)
    client.socket.on('error', () => {})
    await client.send('hello').take(12)
    assert.deepEqual(await server.ask('stop-second'), { code: 0, words: 'exited with status 0: finished' })
    assert.equal(await refusal(address), 'ECONNREFUSED')
    assert.deepEqual(await server.ask('stats-second'), { error: 'Error: the server has ended' })
    assert.equal((await converse(server.address, 'still here')).toString(), 'still here')
    await server.signal('SIGTERM')
    await until('the end', () => server.ended)
    client.close()
  })
})
