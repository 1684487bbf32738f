/** A stream of a gigabyte in both directions at once, through `tined connect` and a loop worker. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { test } from 'node:test'
import { privateBytes } from '../harness/proc.js'
import { fixture, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const MB = 1024 * 1024
const TOTAL_MB = 1024

/** Bytes that do not repeat. */
async function* noise(): AsyncGenerator<Buffer> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16))
  const zeros = Buffer.alloc(MB)
  for (let megabyte = 0; megabyte < TOTAL_MB; megabyte++) yield cipher.update(zeros)
}

// the async style, which copies every chunk; callbacks do the same with 8 MB in streams.test.ts, and 256 MB in connect.test.ts
test('1 GB goes through a loop worker and back at once, byte for byte, and is not kept', async () => {
  await withServer(fixture('echo-async.js', { model: 'multiplex', poller: 'epoll' }), async (server) => {
    const [worker] = server.observe() as [number]
    const before = privateBytes(worker)
    const { file, args } = tined('connect', server.address)
    const client = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const sent = createHash('sha1')
    const received = createHash('sha1')
    let bytes = 0
    let most = 0
    let looked = 0
    const ended = new Promise((resolve) => client.once('exit', (code, signal) => resolve({ code, signal })))
    const hashed = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        sent.update(chunk)
        yield chunk
      }
    }
    const giving = pipeline(Readable.from(noise()), hashed, client.stdin)
    for await (const chunk of client.stdout) {
      received.update(chunk as Buffer)
      bytes += (chunk as Buffer).length
      if (bytes < looked + 64 * MB) continue
      looked = bytes
      most = Math.max(most, privateBytes(worker))
    }
    await giving
    assert.deepEqual(await ended, { code: 0, signal: null })
    assert.equal(bytes, TOTAL_MB * MB)
    assert.equal(received.digest('hex'), sent.digest('hex'))
    // V8 lets 64 MB of Buffers come together before it collects them
    assert.ok(most - before < 200 * MB, `the worker grew by ${Math.round((most - before) / MB)} MB`)
  })
})
