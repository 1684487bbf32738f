import assert from 'node:assert/strict'
import { createInterface } from 'node:readline'
import { createInterface as createAsyncInterface } from 'node:readline/promises'
import { PassThrough, Readable, Transform } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type Probe, STANDARD_INPUT } from '../probe.js'

const upper = (): Transform =>
  new Transform({ transform: (chunk, _encoding, done) => done(null, String(chunk).toUpperCase()) })

export const probes: Probe[] = [
  {
    name: 'pipeline passes through a transform, and passes errors on',
    async run() {
      const sink = new PassThrough()
      const [, result] = await Promise.all([pipeline(Readable.from(['a', 'b']), upper(), sink), text(sink)])
      assert.equal(result, 'AB')
      const failing = new Readable({ read: () => void failing.destroy(new Error('source')) })
      await assert.rejects(pipeline(failing, upper(), new PassThrough()), /source/)
    },
  },
  {
    name: 'a writable signals back-pressure and drains',
    async run() {
      const slow = new PassThrough({ highWaterMark: 10 })
      assert.equal(slow.write('x'.repeat(20)), false)
      const drained = new Promise((resolve) => slow.once('drain', resolve))
      slow.resume()
      await drained
      assert.equal(slow.writableLength, 0)
    },
  },
  {
    name: 'Readable maps and filters asynchronously',
    async run() {
      const doubled = Readable.from([1, 2, 3, 4])
        .filter((n) => n % 2 === 0)
        .map(async (n) => n * 2)
      assert.deepEqual(await doubled.toArray(), [4, 8])
    },
  },
  {
    name: 'readline splits a stream into lines',
    async run() {
      const lines: string[] = []
      for await (const line of createInterface({ input: Readable.from(['on', 'e\ntw', 'o\r\nthree']) }))
        lines.push(line)
      assert.deepEqual(lines, ['one', 'two', 'three'])
    },
  },
  {
    name: 'readline asks on standard streams',
    async run() {
      const questions = createAsyncInterface({ input: process.stdin, output: process.stdout })
      assert.equal(await questions.question('name? '), 'first line')
      questions.close()
      process.stdin.destroy()
    },
  },
  {
    name: 'standard input is read to its end',
    async run() {
      process.stdin.setEncoding('utf8')
      assert.equal(await text(process.stdin), STANDARD_INPUT)
    },
  },
  {
    name: 'console.log and console.table reach standard output, console.error standard error',
    run() {
      console.log('%s has %d', 'console', 1)
      console.table([{ column: 'cell' }])
      console.error('to error')
    },
    expect: { stdout: /console has 1[\s\S]*column[\s\S]*'cell'/, stderr: /^to error$/m },
  },
  {
    name: 'a megabyte on standard output arrives whole before the natural end',
    run() {
      process.stdout.write(`${'o'.repeat(1 << 20)}\n`)
    },
    expect: { stdout: `${'o'.repeat(1 << 20)}\n` },
  },
  {
    name: 'process.exit in the callback of a write loses nothing of it',
    run() {
      process.stdout.write(`${'e'.repeat(1 << 18)}end\n`, () => process.exit(6))
    },
    expect: { code: 6, stdout: `${'e'.repeat(1 << 18)}end\n` },
  },
]
