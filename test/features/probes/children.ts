import assert from 'node:assert/strict'
import { exec, execFile, execFileSync, fork, spawn, spawnSync } from 'node:child_process'
import cluster from 'node:cluster'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Probe } from '../probe.js'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

export const probes: Probe[] = [
  {
    name: 'spawn pipes a megabyte through cat',
    async run() {
      const cat = spawn('cat')
      cat.stdin.end('c'.repeat(1 << 20))
      const exited = once(cat, 'exit')
      assert.equal((await text(cat.stdout)).length, 1 << 20)
      assert.deepEqual(await exited, [0, null])
    },
  },
  {
    name: 'exec and execFile report output, code and signal',
    async run() {
      assert.deepEqual(await promisify(exec)('echo out; echo err >&2'), { stdout: 'out\n', stderr: 'err\n' })
      await assert.rejects(promisify(execFile)('sh', ['-c', 'exit 3']), { code: 3 })
      await assert.rejects(promisify(execFile)('sh', ['-c', 'kill -TERM $$']), { signal: 'SIGTERM' })
    },
  },
  {
    name: 'spawnSync and execFileSync wait',
    run() {
      assert.equal(spawnSync('sh', ['-c', 'cat; exit 4'], { input: 'in' }).status, 4)
      assert.equal(execFileSync('cat', { input: 'in', encoding: 'utf8' }), 'in')
      assert.throws(() => execFileSync('false', { stdio: 'ignore' }), { status: 1 })
      assert.equal(spawnSync('sleep', ['60'], { timeout: 30 }).signal, 'SIGTERM')
    },
  },
  {
    name: 'a missing program is ENOENT',
    async run() {
      await assert.rejects(once(spawn('/nonexistent/program'), 'exit'), { code: 'ENOENT' })
    },
  },
  {
    name: 'an AbortSignal kills a child',
    async run() {
      const stop = new AbortController()
      const sleeper = spawn('sleep', ['60'], { signal: stop.signal })
      const failed = once(sleeper, 'error')
      const exited = new Promise((resolve) => sleeper.once('exit', (...how) => resolve(how)))
      await once(sleeper, 'spawn')
      stop.abort()
      assert.equal((await failed)[0].name, 'AbortError')
      assert.deepEqual(await exited, [null, 'SIGTERM'])
    },
  },
  {
    name: 'child_process.fork talks to another Node',
    async run() {
      const child = fork(fixture('ipc-double.js'))
      child.send(21)
      assert.deepEqual((await once(child, 'message'))[0], { doubled: 42, parent: process.pid })
      child.disconnect()
      assert.deepEqual(await once(child, 'exit'), [0, null])
    },
  },
  {
    name: '20 children at once are all reaped',
    async run() {
      const ends = await Promise.all(
        Array.from({ length: 20 }, (_, code) => once(spawn('sh', ['-c', `exit ${code}`]), 'exit')),
      )
      assert.deepEqual(
        ends.map(([code]) => code),
        [...Array(20).keys()],
      )
    },
  },
  {
    name: 'cluster starts a worker, and it listens',
    async run() {
      cluster.setupPrimary({ exec: fixture('cluster-worker.js') })
      const worker = cluster.fork()
      const [{ port }] = await once(worker, 'listening')
      assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), `worker ${worker.id}`)
      worker.disconnect()
      await once(worker, 'exit')
    },
  },
]
