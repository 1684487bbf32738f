/** Group commit when the disk says no: what is kept, what is cut, what the journal says of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EIO, ENOSPC } from '../../../src/libc/constants.js'
import { PosixError } from '../../../src/libc/posix-error.js'
import { formats } from '../../../src/store/file/formats/index.js'
import type { Appended, AppendFile } from '../../../src/store/file/store-file.js'
import { Batch } from '../../../src/store/writer/batch.js'
import { commit } from '../../../src/store/writer/commit.js'
import { JOURNAL_BYTES, Journal } from '../../../src/store/writer/journal.js'

/** A file with room for so many bytes, on a disk that may fail to sync. */
class PoorFile implements AppendFile {
  content = Buffer.from('old\n')
  syncs = 0
  failsToSync = false

  constructor(readonly room: number) {}

  length(): number {
    return this.content.length
  }

  append(bytes: Buffer): Appended {
    const written = Math.min(bytes.length, this.room - this.content.length)
    this.content = Buffer.concat([this.content, bytes.subarray(0, written)])
    return { written, error: written < bytes.length ? new PosixError(ENOSPC, 'write') : undefined }
  }

  truncate(length: number): void {
    assert.ok(length <= this.content.length)
    this.content = this.content.subarray(0, length)
  }

  sync(): void {
    if (this.failsToSync) throw new PosixError(EIO, 'fdatasync')
    this.syncs++
  }
}

const sender = (connection: number) => ({ connection, pid: process.pid, name: `r-${connection}`, peer: 'p' })

/** Three messages: `aaa`, `bbb`, `ccc`, of connections 1, 2, 1. */
function batchOfThree(): Batch {
  const batch = new Batch(formats.text, 0)
  batch.add(sender(1), 1, Buffer.from('aaa'))
  batch.add(sender(2), 1, Buffer.from('bbb'))
  batch.add(sender(1), 2, Buffer.from('ccc'))
  return batch
}

test('one sync for the whole batch', () => {
  const file = new PoorFile(100)
  assert.deepEqual(commit(batchOfThree(), file), { stored: 3, error: undefined, distrusted: false })
  assert.equal(file.content.toString(), 'old\naaa\nbbb\nccc\n')
  assert.equal(file.syncs, 1)
})

for (const [room, stored] of [
  [4, 0],
  [6, 0],
  [8, 1],
  [11, 1],
  [12, 2],
  [15, 2],
] as const)
  test(`with room for ${room - 4} bytes more, ${stored} records are kept, and no part of one`, () => {
    const file = new PoorFile(room)
    const journal = new Journal(Buffer.alloc(JOURNAL_BYTES))
    const committed = commit(batchOfThree(), file, journal)
    assert.equal(committed.stored, stored)
    assert.equal(committed.error?.code, 'ENOSPC')
    assert.equal(file.content.toString(), 'old\naaa\nbbb\nccc\n'.slice(0, 4 + 4 * stored))
    assert.equal(file.syncs, stored === 0 ? 0 : 1)
    // killed before anybody was told: the journal and the file agree
    const untold = journal.takeOver(file.length(), () => true)
    assert.deepEqual(
      [...untold].map(([connection, { through }]) => [connection, through]),
      [
        [],
        [[1, 1]],
        [
          [1, 1],
          [2, 1],
        ],
      ][stored],
    )
  })

test('after a sync that failed nothing of the batch is kept, and the file is not to be trusted', () => {
  const file = new PoorFile(100)
  file.failsToSync = true
  const { stored, error, distrusted } = commit(batchOfThree(), file, new Journal(Buffer.alloc(JOURNAL_BYTES)))
  assert.deepEqual([stored, error?.code, distrusted], [0, 'EIO', true])
  assert.equal(file.content.toString(), 'old\n')
})

test('a writer killed between the failed sync and the cut leaves its batch to be cut', () => {
  const file = new PoorFile(100)
  file.failsToSync = true
  file.truncate = () => {
    throw new Error('killed')
  }
  const memory = Buffer.alloc(JOURNAL_BYTES)
  assert.throws(() => commit(batchOfThree(), file, new Journal(memory)), /killed/)
  const next = new Journal(memory)
  assert.equal(next.wholeLength(file.length()), 4)
  assert.equal(next.takeOver(4, () => true).size, 0)
  assert.equal(next.wholeLength(4), undefined, 'said once')
})

test('the journal says how much of a batch is whole, and whose that is', () => {
  const file = new PoorFile(100)
  const memory = Buffer.alloc(JOURNAL_BYTES)
  commit(batchOfThree(), file, new Journal(memory))
  const next = new Journal(memory)
  assert.equal(next.wholeLength(15), 12)
  assert.deepEqual(
    [...next.takeOver(12, (pid) => pid === process.pid)],
    [
      [1, { pid: process.pid, through: 1 }],
      [2, { pid: process.pid, through: 1 }],
    ],
  )
  // a second death, before connection 2 has come to ask
  next.told(1)
  const third = new Journal(memory)
  assert.deepEqual([...third.takeOver(12, () => true).keys()], [2])
  assert.deepEqual([...new Journal(memory).takeOver(12, () => false).keys()], [], 'nobody is left to ask')
})

test('a file that somebody else has cut is not made longer', () => {
  const memory = Buffer.alloc(JOURNAL_BYTES)
  commit(batchOfThree(), new PoorFile(100), new Journal(memory))
  assert.equal(new Journal(memory).wholeLength(2), 2)
  assert.equal(new Journal(memory).takeOver(2, () => true).size, 0)
})

test('sequence numbers of records that were not stored are used again', () => {
  const batch = new Batch(formats.ndjson, 10)
  const seqs = (): number[] => {
    const lines = batch.bytes.toString().split('\n').slice(0, -1)
    return lines.map((line) => (JSON.parse(line) as { seq: number }).seq)
  }
  for (let n = 1; n <= 3; n++) batch.add(sender(1), n, Buffer.from('x'))
  assert.deepEqual(seqs(), [11, 12, 13])
  batch.clear(1)
  batch.add(sender(1), 4, Buffer.from('x'))
  assert.deepEqual(seqs(), [12])
})
