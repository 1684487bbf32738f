/** A spool, by its writer's side and its forwarder's: what may be forwarded, in which files it lies, how much there may be. */
import assert from 'node:assert/strict'
import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { GrowingBuffer } from '../../../src/store/connection/growing-buffer.js'
import { ndjson } from '../../../src/store/file/formats/ndjson.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { OffsetFile, readOffset } from '../../../src/store/nats/offset-file.js'
import { openProgress } from '../../../src/store/nats/open-progress.js'
import { Progress } from '../../../src/store/nats/progress.js'
import { Spool } from '../../../src/store/nats/spool.js'
import { removeThrough } from '../../../src/store/nats/spool-files.js'
import { SpoolReader } from '../../../src/store/nats/spool-reader.js'
import { withFolder } from '../../harness/folder.js'

/** Records with these numbers, each of some 300 bytes. */
function records(...numbers: number[]): Buffer {
  const target = new GrowingBuffer(1024)
  for (const seq of numbers)
    ndjson.add(target, { seq, time: '', connection: 'r-1', n: seq, peer: '' }, Buffer.alloc(220, 'm'))
  return Buffer.from(target.bytes.subarray(0, target.length))
}

const ALL = { messages: 1000, bytes: 1e6 }

const withSpool = (
  mostBytes: number,
  test: (open: () => Spool, progress: Progress, path: string) => void,
): Promise<void> =>
  withFolder((folder) => {
    const path = join(folder, 'spool')
    const { memory, writersBell } = openProgress()
    const progress = new Progress(memory, writersBell)
    const terms = { mostBytes, replicated: false, end: -1 }
    test(() => new Spool(path, openStoreFile(path).fd, progress, terms), progress, path)
  })

test('only what is synced or settled may be forwarded, and what is cut never', () =>
  withSpool(1e6, (open, progress, path) => {
    const spool = open()
    assert.equal(spool.resume(undefined).seq, 0)
    const reader = new SpoolReader(path, 0, assert.fail)
    const taken = (): number[] => reader.take(progress.stored, ALL).map(({ seq }) => seq)
    spool.append(records(1, 2, 3))
    assert.deepEqual(taken(), [])
    spool.truncate(records(1, 2).length)
    spool.sync()
    assert.equal(progress.stored, 2)
    spool.append(records(3, 4))
    assert.deepEqual(taken(), [1, 2])
    spool.truncate(records(1, 2).length)
    spool.append(records(3))
    spool.settled()
    assert.deepEqual(taken(), [3])
    assert.deepEqual(taken(), [])
    // a portion has at least one
    spool.append(records(4, 5, 6))
    spool.sync()
    const portions = [1, 2, 3].map(() => reader.take(6, { messages: 2, bytes: 1 }).map(({ seq }) => seq))
    assert.deepEqual(portions, [[4], [5], [6]])
    appendFileSync(path, records(7).fill('x', 50, 60))
    assert.throws(() => reader.take(7, ALL), /a damaged record at byte \d+, behind number 6$/)
  }))

test('a spool is put away in files, which are read in their order and removed; numbers go on when none is left', () =>
  withSpool(8 * 1000, (open, progress, path) => {
    const spool = open()
    spool.resume(undefined)
    let left = { inode: spool.inode, length: 0, seq: 0 }
    const store = (seq: number): void => {
      left = spool.tend(left, assert.fail)
      assert.deepEqual(spool.append(records(seq)).error, undefined)
      spool.sync()
      left = { ...left, length: spool.length(), seq }
    }
    const reader = new SpoolReader(path, 0, assert.fail)
    for (let seq = 1; seq <= 9; seq++) store(seq)
    const files = (): string[] => readdirSync(join(path, '..')).sort()
    assert.deepEqual(files(), ['spool', 'spool.000000000000004', 'spool.000000000000008'])
    assert.deepEqual(
      reader.take(7, ALL).map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6, 7],
    )
    for (let seq = 10; seq <= 13; seq++) store(seq)
    assert.deepEqual(
      reader.take(progress.stored, ALL).map(({ seq }) => seq),
      [8, 9, 10, 11, 12, 13],
    )
    // begins anew behind what was forwarded
    assert.deepEqual(
      new SpoolReader(path, 4, assert.fail).take(13, ALL).map(({ seq }) => seq),
      [5, 6, 7, 8, 9, 10, 11, 12, 13],
    )
    new OffsetFile(path).keep(12)
    assert.equal(readOffset(path), 12)
    removeThrough(path, 12)
    assert.deepEqual(files(), ['spool', 'spool.forwarded'])
    const missing: string[] = []
    new SpoolReader(path, 4, (words) => missing.push(words)).take(13, ALL)
    assert.deepEqual(missing, [`${path}: messages 5 to 12 are missing`])
    spool.truncate(0)
    assert.equal(spool.resume(undefined).seq, 12, 'as far as is known')
  }))

test('a spool has a bound; once all is forwarded there is room for a record', () =>
  withSpool(1000, (open, progress) => {
    const spool = open()
    spool.resume(undefined)
    assert.equal(spool.append(records(1, 2, 3)).error, undefined)
    spool.sync()
    const spoolBytes = spool.length()
    const { written, error } = spool.append(records(4, 5))
    assert.deepEqual([written, error?.code], [1000 - spoolBytes, 'ENOSPC'], 'as much as has room')
    spool.truncate(spoolBytes)
    progress.forwarded = 3
    assert.deepEqual(spool.append(records(4, 5)).written, records(4).length, 'one, however large it is')
  }))
