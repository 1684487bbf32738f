/** Clients that vanish without a word (a pulled cable, a dead laptop) do not stay: the kernel asks after them. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

/** The server has a network of its own, in which there is only the loopback device. */
const alone = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']
const works = spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0
const skip = works ? false : 'a network of its own takes root, unshare and ip (apt-get install iproute2)'

const options = { keepAliveMs: 1000, keepAliveIntervalMs: 1000, keepAliveProbes: 1 }

for (const model of ['fork', 'prefork', 'multiplex'] as const)
  test(`${model}: connections whose clients have vanished end`, { skip }, async () => {
    await withServer({ ...fixture('runaway.js', { model, ...options }), under: alone }, async (server) => {
      const inside = (...command: string[]): string[] => ['--net', `--target=${server.pid}`, ...command]
      const port = server.address.slice(server.address.lastIndexOf(':') + 1)
      const script = `const net = require('node:net'); for (let n = 0; n < 8; n++) net.connect(${port}, '127.0.0.1').on('error', () => {}).write('hello')`
      const clients = spawn('nsenter', inside(process.execPath, '-e', script), { stdio: 'ignore' })
      try {
        await until('eight clients', async () => (await server.stats()).messages === 8)
        assert.equal((await server.stats()).connections, 8)
        assert.equal(spawnSync('nsenter', inside('ip', 'link', 'set', 'lo', 'down')).status, 0)
        await until('none', async () => (await server.stats()).connections === 0, 10_000)
      } finally {
        clients.kill('SIGKILL')
      }
      assert.equal(spawnSync('nsenter', inside('ip', 'link', 'set', 'lo', 'up')).status, 0)
    })
  })
