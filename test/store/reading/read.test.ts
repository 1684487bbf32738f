/** `read`: messages of a store's file, while it grows, is cut, moved away and begun anew; offsets are good after all of that. */
import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { GrowingBuffer } from '../../../src/store/connection/growing-buffer.js'
import { addRecord } from '../../../src/store/file/record.js'
import { type ReadOptions, read } from '../../../src/store/reading/read.js'
import type { StoredMessage } from '../../../src/store/reading/stored-message.js'
import { withFolder } from '../../harness/folder.js'

/** Runs a test with the path of a file that is not there yet. */
const withFile = (test: (file: string) => Promise<void>): Promise<void> =>
  withFolder((folder) => test(join(folder, 'm.ndjson')))

const record = (seq: number, message: string | Buffer = `message ${seq}`): Buffer => {
  const target = new GrowingBuffer(1024)
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString()
  addRecord(target, { seq, time, connection: 'ab12cd34-1', n: seq, peer: '127.0.0.1:1' }, Buffer.from(message))
  return Buffer.from(target.bytes.subarray(0, target.length))
}
const records = (first: number, last: number): Buffer =>
  Buffer.concat(Array.from({ length: last - first + 1 }, (_, index) => record(first + index)))

async function all(sink: string, options: ReadOptions = {}): Promise<StoredMessage[]> {
  const found: StoredMessage[] = []
  for await (const each of read(sink, options)) found.push(each)
  return found
}
const numbers = async (file: string, options: ReadOptions = {}): Promise<(number | undefined)[]> =>
  (await all(file, options)).map(({ sequence }) => sequence)
const offsetOf = async (file: string, wanted: number): Promise<string> =>
  (await all(file)).find(({ sequence }) => sequence === wanted)?.offset as string

test('each message comes with what its record says', () =>
  withFile(async (file) => {
    writeFileSync(file, Buffer.concat([record(1), record(2, Buffer.from([0xff, 0])), Buffer.from('{"seq":3,"ti')]))
    const [first, second, ...more] = await all(file)
    const { offset, ...said } = first as StoredMessage
    assert.match(offset, /^\d+:\d+:1$/)
    assert.deepEqual(said, {
      ...{ message: Buffer.from('message 1'), sequence: 1, at: new Date('2026-01-01T00:00:01Z') },
      ...{ connection: 'ab12cd34-1', n: 1, peer: '127.0.0.1:1', fields: undefined },
    })
    assert.deepEqual(second?.message, Buffer.from([0xff, 0]))
    assert.deepEqual(more, [], 'the last line may still be written to')
    assert.deepEqual(await numbers(file, { since: new Date('2026-01-01T00:00:02Z') }), [2])
  }))

test('bare lines have their bytes and an offset', () =>
  withFile(async (file) => {
    writeFileSync(file, 'one\ntwo\nthr')
    const [one, two] = await all(`text:${file}`)
    assert.deepEqual([one?.message, two?.message, two?.sequence, two?.at].map(String), [
      'one',
      'two',
      'undefined',
      'undefined',
    ])
    appendFileSync(file, 'ee\n')
    const rest = await all(`text:${file}`, { after: two?.offset })
    assert.deepEqual(
      rest.map(({ message }) => String(message)),
      ['three'],
    )
    await assert.rejects(all(`text:${file}`, { since: new Date() }), TypeError)
  }))

test('an offset is good after the file has grown, was moved, several times, and was begun anew', () =>
  withFile(async (file) => {
    writeFileSync(file, records(1, 10))
    const after = await offsetOf(file, 4)
    assert.deepEqual(await numbers(file, { after }), [5, 6, 7, 8, 9, 10])
    renameSync(file, `${file}.1`)
    writeFileSync(file, records(11, 12))
    assert.deepEqual(await numbers(file, { after }), [5, 6, 7, 8, 9, 10, 11, 12])
    renameSync(`${file}.1`, `${file}.2`)
    renameSync(file, `${file}.1`)
    writeFileSync(file, records(13, 13))
    writeFileSync(`${file}.torn-20260101`, records(5, 6))
    writeFileSync(`${file}x`, records(5, 6))
    assert.deepEqual(await numbers(file, { after }), [5, 6, 7, 8, 9, 10, 11, 12, 13])
    assert.deepEqual(await numbers(file), [13], 'without an offset the file itself')
  }))

test('an offset is good after the file was copied and cut, and after it was replaced by its copy', () =>
  withFile(async (file) => {
    writeFileSync(file, records(1, 10))
    const after = await offsetOf(file, 4)
    copyFileSync(file, `${file}-20260101`)
    truncateSync(file, 0)
    appendFileSync(file, records(11, 30))
    const rest = Array.from({ length: 26 }, (_, index) => index + 5)
    assert.deepEqual(await numbers(file, { after }), rest)
    unlinkSync(file)
    copyFileSync(`${file}-20260101`, file)
    rmSync(`${file}-20260101`)
    assert.deepEqual(await numbers(file, { after }), rest.slice(0, 6))
  }))

test('what an offset led to and is gone is told, or an error', () =>
  withFile(async (file) => {
    writeFileSync(file, records(1, 10))
    const after = await offsetOf(file, 4)
    unlinkSync(file)
    writeFileSync(file, records(8, 9))
    const told: string[] = []
    assert.deepEqual(await numbers(file, { after, damaged: (words) => told.push(words) }), [8, 9])
    assert.deepEqual(told, ['messages 5 to 7 are missing'])
    await assert.rejects(all(file, { after }), { name: 'StoreError', message: `${file}: messages 5 to 7 are missing` })
    for (const bad of ['', '1:2', 'x', '1:2:3:4', '-1:0:0'])
      await assert.rejects(all(file, { after: bad }), {
        name: 'TypeError',
        message: /^after: expected the offset of a record/,
      })
  }))

test('a damaged record is told, or an error; what is behind it is read', () =>
  withFile(async (file) => {
    writeFileSync(file, String(records(1, 3)).replace('message 2', 'massage 2'))
    const told: string[] = []
    assert.deepEqual(await numbers(file, { damaged: (words) => told.push(words) }), [1, 3])
    assert.match(told.join(), /^line 2, byte \d+: damaged record, \d+ bytes,messages 2 to 2 are missing$/)
    await assert.rejects(all(file), { name: 'StoreError' })
  }))

/** Follows; the result gives the numbers that came since it was last asked, once there are `count`. */
function follower(file: string) {
  const told: string[] = []
  const messages = read(file, { follow: true, damaged: (words) => told.push(words) })
  return {
    told,
    async next(count: number): Promise<(number | undefined)[]> {
      const found: (number | undefined)[] = []
      while (found.length < count) found.push(((await messages.next()).value as StoredMessage).sequence)
      return found
    },
    end: () => messages.return(),
  }
}

test('who follows sees what comes, in the next file too, and nothing twice', () =>
  withFile(async (file) => {
    writeFileSync(file, records(1, 2))
    const { next, end, told } = follower(file)
    assert.deepEqual(await next(2), [1, 2])
    appendFileSync(file, record(3))
    assert.deepEqual(await next(1), [3])
    renameSync(file, `${file}.1`)
    appendFileSync(`${file}.1`, record(4))
    assert.deepEqual(await next(1), [4], 'until another file is there it is written to')
    appendFileSync(`${file}.1`, record(5))
    writeFileSync(file, record(6))
    assert.deepEqual(await next(2), [5, 6])
    renameSync(file, `${file}.2`)
    writeFileSync(`${file}.3`, record(7))
    writeFileSync(file, record(8))
    assert.deepEqual(await next(2), [7, 8])
    assert.deepEqual(told, [])
    await end()
  }))

test('who follows goes on behind what is left when a server takes back what it could not sync', () =>
  withFile(async (file) => {
    writeFileSync(file, records(1, 400))
    const { next, end, told } = follower(file)
    await next(400)
    const whole = readFileSync(file)
    // three are taken back, and others, longer ones, are there instead when it is looked at again
    truncateSync(file, records(1, 397).length)
    appendFileSync(file, Buffer.concat([record(398, 'another'), records(399, 402)]))
    assert.ok(readFileSync(file).length > whole.length)
    assert.deepEqual(await next(5), [398, 399, 400, 401, 402])
    assert.deepEqual(told, ['the file was cut, or written anew; going on behind what is left'])
    await end()
  }))

test('who follows sees all of a file that was cut and had grown past the old place when it was looked at', () =>
  withFile(async (file) => {
    writeFileSync(file, records(1, 3))
    const { next, end } = follower(file)
    await next(3)
    truncateSync(file, 0)
    appendFileSync(file, records(4, 20))
    assert.deepEqual(
      await next(17),
      Array.from({ length: 17 }, (_, index) => index + 4),
    )
    await end()
  }))

test('a signal ends it, while it waits and before', () =>
  withFile(async (file) => {
    writeFileSync(file, records(1, 2))
    const abort = new AbortController()
    const found: unknown[] = []
    for await (const { sequence } of read(file, { follow: true, signal: abort.signal })) {
      found.push(sequence)
      if (sequence === 2) setImmediate(() => abort.abort())
    }
    assert.deepEqual(found, [1, 2])
    assert.deepEqual(await numbers(file, { follow: true, signal: abort.signal }), [])
  }))

test('no file is ENOENT, another scheme a TypeError', () =>
  withFile(async (file) => {
    await assert.rejects(all(file), { code: 'ENOENT' })
    await assert.rejects(all('sqlite3:x'), { name: 'TypeError' })
  }))
