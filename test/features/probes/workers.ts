import assert from 'node:assert/strict'
import { once } from 'node:events'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Probe } from '../probe.js'

const start = (source: string, workerData?: unknown): Worker =>
  new Worker(`const { parentPort, workerData } = require('node:worker_threads')\n${source}`, { eval: true, workerData })

/** Atomics.waitAsync is younger than the language level that this project compiles for. */
type WaitAsync = (cells: Int32Array, index: number, value: number) => { async: boolean; value: Promise<string> }

export const probes: Probe[] = [
  {
    name: 'a Worker answers messages and ends by itself',
    async run() {
      const worker = start('parentPort.once("message", (n) => parentPort.postMessage(n * 2))')
      const [answered, ended] = [once(worker, 'message'), once(worker, 'exit')]
      worker.postMessage(21)
      assert.deepEqual(await answered, [42])
      assert.deepEqual(await ended, [0])
    },
  },
  {
    name: 'four Workers that allocate heavily compute the same',
    async run() {
      const source = `let kept = []
        for (let round = 0; round < 200_000; round++) { kept.push({ text: 'x' + round }); if (kept.length > 5000) kept = [] }
        parentPort.postMessage(kept.length)`
      const workers = Array.from({ length: 4 }, () => start(source))
      const results = await Promise.all(workers.map((worker) => once(worker, 'message')))
      assert.deepEqual(results.flat(), Array(4).fill(200_000 % 5001))
      for (const worker of workers) await worker.terminate()
    },
  },
  {
    name: "a Worker's process.exit ends only the Worker",
    async run() {
      assert.deepEqual(await once(start('process.exit(9)'), 'exit'), [9])
    },
  },
  {
    name: "a Worker's uncaught error is an 'error' event",
    async run() {
      const worker = start('throw new RangeError("inside")')
      const [error] = await once(worker, 'error')
      assert.equal(error.name, 'RangeError')
      assert.equal(error.message, 'inside')
    },
  },
  {
    name: 'an endless Worker is terminated',
    async run() {
      const worker = start('parentPort.postMessage("up"); for (;;);')
      await once(worker, 'message')
      assert.equal(await worker.terminate(), 1)
    },
  },
  {
    name: 'a Worker that runs out of its memory fails alone',
    async run() {
      const source = 'const kept = []; for (;;) kept.push(new Array(1000).fill({}).map((_, index) => ({ index })))'
      const worker = new Worker(source, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } })
      const [error] = await once(worker, 'error')
      assert.equal(error.code, 'ERR_WORKER_OUT_OF_MEMORY')
    },
  },
  {
    name: 'Atomics wait and notify across threads',
    async run() {
      const cells = new Int32Array(new SharedArrayBuffer(8))
      const worker = start(
        'Atomics.wait(workerData, 0, 0); Atomics.store(workerData, 1, 5); Atomics.notify(workerData, 1)',
        cells,
      )
      const { waitAsync } = Atomics as unknown as { waitAsync: WaitAsync }
      const woken = waitAsync(cells, 1, 0)
      await once(worker, 'online')
      Atomics.store(cells, 0, 1)
      Atomics.notify(cells, 0)
      await once(worker, 'exit')
      if (woken.async) assert.equal(await woken.value, 'ok')
      assert.equal(cells[1], 5)
      assert.equal(Atomics.wait(cells, 1, 5, 5), 'timed-out')
    },
  },
  {
    name: 'a MessageChannel transfers a buffer, synchronously and by event',
    async run() {
      const { port1, port2 } = new MessageChannel()
      const bytes = new Uint8Array([1, 2, 3])
      port1.postMessage(bytes, [bytes.buffer])
      assert.equal(bytes.length, 0)
      assert.deepEqual(receiveMessageOnPort(port2)?.message, new Uint8Array([1, 2, 3]))
      const received = once(port2, 'message')
      port1.postMessage({ map: new Map([['k', 1n]]) })
      assert.deepEqual(await received, [{ map: new Map([['k', 1n]]) }])
      port1.close()
    },
  },
  {
    name: 'a BroadcastChannel reaches a Worker',
    async run() {
      const worker = start(`const own = new BroadcastChannel('probe')
        own.onmessage = ({ data }) => { parentPort.postMessage(data); own.close() }
        parentPort.postMessage('ready')`)
      await once(worker, 'message')
      const channel = new BroadcastChannel('probe')
      const [answered, ended] = [once(worker, 'message'), once(worker, 'exit')]
      channel.postMessage('to all')
      assert.deepEqual(await answered, ['to all'])
      channel.close()
      assert.deepEqual(await ended, [0])
    },
  },
]
