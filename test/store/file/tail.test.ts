/** The end of a store's file: found without reading the whole, and judged. */
import assert from 'node:assert/strict'
import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { GrowingBuffer } from '../../../src/store/connection/growing-buffer.js'
import { formats } from '../../../src/store/file/formats/index.js'
import { addRecord } from '../../../src/store/file/record.js'
import { recover } from '../../../src/store/file/recovery.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { examineTail, type Tail } from '../../../src/store/file/tail.js'
import { withFolder } from '../../harness/folder.js'

function records(count: number, size = 10): Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const target = new GrowingBuffer(256)
    const head = { seq: index + 1, time: '2026-01-01T00:00:00.000Z', connection: 'a-1', n: index + 1, peer: 'p' }
    addRecord(target, head, Buffer.alloc(size, 'x'))
    return Buffer.from(target.bytes.subarray(0, target.length))
  })
}

async function withTail(bytes: Uint8Array, check: (tail: () => Tail) => void, checkedBytes?: number): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, 'm.ndjson')
    writeFileSync(path, bytes)
    const fd = openSync(path, 'r')
    try {
      check(() => examineTail(path, fd, formats.ndjson, checkedBytes))
    } finally {
      closeSync(fd)
    }
  })
}

test('an empty file is in order', async () => {
  await withTail(Buffer.alloc(0), (tail) =>
    assert.deepEqual(tail(), { whole: 0, size: 0, lacksNewline: false, seq: 0 }),
  )
})

test('every length of a torn last record is found, whatever the window', async () => {
  const all = records(4)
  const whole = Buffer.concat(all.slice(0, 3))
  const last = all[3] as Buffer
  for (const window of [1, 100, 200, 1_000_000])
    for (const length of [0, 1, 7, 50, last.length - 2, last.length - 1, last.length])
      await withTail(
        Buffer.concat([whole, last.subarray(0, length)]),
        (tail) => {
          const complete = length === last.length
          const lacksNewline = length === last.length - 1
          assert.deepEqual(tail(), {
            whole: complete ? whole.length + length : whole.length,
            size: whole.length + length,
            lacksNewline,
            seq: complete || lacksNewline ? 4 : 3,
          })
        },
        window,
      )
})

test('a record that is longer than the window is looked for further back', async () => {
  const [first, second] = records(2, 50_000) as [Buffer, Buffer]
  await withTail(Buffer.concat([first, second]), (tail) => assert.equal(tail().seq, 2), 100)
})

test('damage within the window refuses, unless nothing whole follows', async () => {
  const [a, b, c] = records(3) as [Buffer, Buffer, Buffer]
  const broken = Buffer.from(b)
  broken[20] = 0
  await withTail(Buffer.concat([a, broken, c]), (tail) =>
    assert.throws(tail, { name: 'StoreError', message: new RegExp(`byte ${a.length} is damaged`) }),
  )
  await withTail(Buffer.concat([a, broken]), (tail) => assert.equal(tail().whole, a.length))
  await withTail(Buffer.concat([a, broken, broken, c.subarray(0, 9)]), (tail) => assert.equal(tail().whole, a.length))
})

test('the end of a file of 10 GB is found at once', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'm.ndjson')
    writeFileSync(path, '')
    const fd = openSync(path, 'r+')
    ftruncateSync(fd, 10 * 1024 ** 3) // a hole: takes no room
    const tail = Buffer.concat([Buffer.from('\n'), ...records(2)])
    writeSync(fd, tail, 0, tail.length, 10 * 1024 ** 3)
    const began = performance.now()
    assert.equal(examineTail(path, fd, formats.ndjson).seq, 2)
    assert.ok(performance.now() - began < 2000)
    closeSync(fd)
  })
})

test('recovery leaves whole records, and the torn bytes beside the file; a second one changes nothing', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'm.ndjson')
    const [a, b] = records(2) as [Buffer, Buffer]
    writeFileSync(path, Buffer.concat([a, b.subarray(0, 30)]))
    const file = openStoreFile(path)
    const now = new Date('2026-01-31T12:34:56.789Z')
    const { seq, note } = recover(file, formats.ndjson, now)
    assert.equal(seq, 1)
    assert.match(note ?? '', /a torn tail was cut at byte \d+: 30 bytes, saved in .*m\.ndjson\.torn-20260131T123456Z$/)
    assert.ok(readFileSync(path).equals(a))
    assert.ok(readFileSync(`${path}.torn-20260131T123456Z`).equals(b.subarray(0, 30)))
    assert.deepEqual(recover(file, formats.ndjson, now), { seq: 1, note: undefined })
    file.close()
  })
})
