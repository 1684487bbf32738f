/** Group commit when the disk says no: what is kept, what is cut, what the journal says of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EIO, ENOSPC } from '../../../src/libc/constants.js'
import { PosixError } from '../../../src/libc/posix-error.js'
import { DISK } from '../../../src/store/durability.js'
import { formats } from '../../../src/store/file/formats/index.js'
import type { Appended, AppendFile } from '../../../src/store/file/store-file.js'
import { Batch } from '../../../src/store/writer/batch.js'
import { commit } from '../../../src/store/writer/commit.js'
import { Journal } from '../../../src/store/writer/journal.js'
import { JOURNAL_BYTES } from '../../../src/store/writer/journal-layout.js'

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

  isAsLeft(length: number): boolean {
    return length === this.content.length
  }

  holds(at: number, bytes: Buffer): boolean {
    return this.content.subarray(at, at + bytes.length).equals(bytes)
  }

  sync(): void {
    if (this.failsToSync) throw new PosixError(EIO, 'fdatasync')
    this.syncs++
  }
}

/** The file, left with so many bytes. */
const left = (length: number) => ({ inode: 1, length, seq: 0 })

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
  assert.deepEqual(commit(batchOfThree(), file), {
    stored: 3,
    reached: DISK,
    error: undefined,
    distrusted: false,
    length: 16,
  })
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
    const untold = journal.takeOver(left(file.length()), () => true)
    assert.deepEqual(
      [...untold.values()].map(({ connection, through }) => [connection, through]),
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
  assert.equal(next.unfinished(file.length())?.whole, 4)
  assert.equal(next.takeOver(left(4), () => true).size, 0)
  assert.equal(next.unfinished(4)?.whole, undefined, 'said once')
})

for (const [where, written, kept] of [
  ['before us', (batch: string) => `alien\n${batch}`, 'old\nalien\n'],
  ['behind us', (batch: string) => `${batch}alien\n`, 'old\naaa\nbbb\nccc\nalien\n'],
] as const)
  test(`somebody else writes at the same moment, ${where}: what is theirs stays, and what is told is true`, () => {
    const file = new PoorFile(100)
    file.append = (bytes) => {
      file.content = Buffer.from(`old\n${written(bytes.toString())}`)
      return { written: bytes.length, error: undefined }
    }
    const committed = commit(batchOfThree(), file, new Journal(Buffer.alloc(JOURNAL_BYTES)))
    assert.equal(file.content.toString(), kept)
    const stored = kept.includes('aaa') ? 3 : 0
    assert.deepEqual([committed.stored, committed.error?.code], [stored, stored === 0 ? 'EIO' : undefined])
    assert.equal(file.isAsLeft(committed.length), false, 'found with the next batch')
  })

test('the journal says how much of a batch is whole, and whose that is', () => {
  const file = new PoorFile(100)
  const memory = Buffer.alloc(JOURNAL_BYTES)
  commit(batchOfThree(), file, new Journal(memory))
  const next = new Journal(memory)
  assert.equal(next.unfinished(15)?.whole, 12)
  assert.deepEqual(
    [...next.takeOver(left(12), () => true).values()],
    [
      { connection: 1, pid: process.pid, through: 1 },
      { connection: 2, pid: process.pid, through: 1 },
    ],
  )
  // a second death, before connection 2 has come to ask
  next.told(process.pid, 1)
  const third = new Journal(memory)
  assert.deepEqual(
    [...third.takeOver(left(12), () => true).values()].map(({ connection }) => connection),
    [2],
  )
  third.keep(new Map())
  assert.deepEqual([...new Journal(memory).known().keys()], [], 'nobody is left to ask')
})

test('a file that somebody else has cut is not made longer', () => {
  const memory = Buffer.alloc(JOURNAL_BYTES)
  commit(batchOfThree(), new PoorFile(100), new Journal(memory))
  assert.equal(new Journal(memory).unfinished(2)?.whole, 2)
  assert.equal(new Journal(memory).takeOver(left(2), () => true).size, 0)
})

test('numbers of what is on disk are not given again, also when it is cut before a sender was told', () => {
  const memory = Buffer.alloc(JOURNAL_BYTES)
  const file = new PoorFile(100)
  const journal = new Journal(memory)
  journal.leave({ inode: 1, length: 4, seq: 10 })
  const batch = new Batch(formats.text, 10)
  for (const n of [1, 2]) batch.add(sender(1), n, Buffer.from('aaa'))
  commit(batch, file, journal)
  assert.deepEqual(new Journal(memory).left(4), { inode: 1, length: 4, seq: 12 })
  const next = new Journal(memory)
  next.intend(4, batch)
  assert.equal(new Journal(memory).left(4)?.seq, 10, 'of the next batch nothing is known')
})

test('what is on disk is not cut when the file cannot be used for a while, and its senders are told that it is stored', () => {
  const memory = Buffer.alloc(JOURNAL_BYTES)
  const file = new PoorFile(100)
  commit(batchOfThree(), file, new Journal(memory))
  // some were told, and the writer was killed; the next one cannot use the file
  const next = new Journal(memory)
  next.fail()
  const known = [...next.known().values()].map(({ connection, through }) => [connection, through])
  assert.deepEqual(known, [
    [1, 2],
    [2, 1],
  ])
  assert.equal(new Journal(memory).unfinished(file.length())?.whole, file.length())
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
