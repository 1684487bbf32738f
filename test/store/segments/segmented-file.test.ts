/** Files that the server closes itself: it goes on in another, removes what is too old, and is not kept from storing. */
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { read } from '../../../src/store/reading/read.js'
import { verify } from '../../../src/store/reading/verify.js'
import { segmentsOf } from '../../../src/store/segments/segment-name.js'
import { parseSink } from '../../../src/store/sinks/parse.js'
import { numbers, record, SECOND_MS, SegmentedLog, timeOf, withFile } from './segmented-log.js'

const names = (file: string): string[] => readdirSync(dirname(file)).sort()

test('closes, goes on, removes, and is read from its first segment on', () =>
  withFile(async (file) => {
    const size = record(1).length
    const log = new SegmentedLog(file, { rotateBytes: 2 * size, keepCount: 2 })
    log.add(5)
    assert.deepEqual(names(file), [
      'm.ndjson',
      'm.ndjson.000000000001-20260131T120001.000Z',
      'm.ndjson.000000000003-20260131T120003.000Z',
    ])
    assert.deepEqual(await numbers(file), [1, 2, 3, 4, 5])
    const kept: string[] = []
    for await (const { offset } of read(file)) kept.push(offset)
    log.add(4)
    assert.deepEqual(await numbers(file), [5, 6, 7, 8, 9])
    assert.deepEqual(
      await numbers(file, { after: kept[4] as string }),
      [6, 7, 8, 9],
      'an offset is good for what the file is called now',
    )
    await assert.rejects(
      numbers(file, { after: kept[0] as string }),
      /messages 2 to 4 are missing/,
      'what was removed is told',
    )
    const { ino, size: end } = statSync(file)
    const reused = numbers(file, { after: `${ino}:${end}:1` })
    await assert.rejects(reused, /messages 2 to 4 are missing/, 'the inode of what was removed is another one now')
    assert.deepEqual(log.told, [
      `info closed /m.ndjson.000000000001-20260131T120001.000Z: ${2 * size} bytes`,
      `info closed /m.ndjson.000000000003-20260131T120003.000Z: ${2 * size} bytes`,
      `info closed /m.ndjson.000000000005-20260131T120005.000Z: ${2 * size} bytes`,
      'info removed /m.ndjson.000000000001-20260131T120001.000Z',
      `info closed /m.ndjson.000000000007-20260131T120007.000Z: ${2 * size} bytes`,
      'info removed /m.ndjson.000000000003-20260131T120003.000Z',
    ])
    const faults: string[] = []
    const found = verify(parseSink('sink', file), (words) => faults.push(words))
    assert.deepEqual([found.messages, found.first?.sequence, found.last?.sequence, faults], [5, 5, 9, []])
    log.close()
  }))

test('by age, also when nothing comes; and what is too old goes', () =>
  withFile(async (file) => {
    const log = new SegmentedLog(file, { rotateAgeMs: 10 * SECOND_MS, keepAgeMs: 100 * SECOND_MS })
    log.add(3)
    log.now = timeOf(11)
    log.tend()
    assert.deepEqual(names(file), ['m.ndjson', 'm.ndjson.000000000001-20260131T120001.000Z'])
    log.now = timeOf(103)
    log.tend()
    assert.equal(names(file).length, 2)
    log.now = timeOf(200)
    log.tend()
    assert.deepEqual(names(file), ['m.ndjson'])
    log.add(1)
    assert.equal(log.left.seq, 4)
    log.close()
  }))

test('what keeps it from being closed is told, and it goes on where it is', () =>
  withFile(async (file) => {
    const log = new SegmentedLog(file, { rotateBytes: 1 })
    log.add(1)
    mkdirSync(`${file}.000000000001-20260131T120001.000Z`)
    log.add(3)
    assert.deepEqual(log.told, [
      'warn /m.ndjson: not rotated, and going on in it: /m.ndjson.000000000001-20260131T120001.000Z is there already',
    ])
    assert.equal(readFileSync(file, 'utf8').split('\n').length, 5)
    rmSync(`${file}.000000000001-20260131T120001.000Z`, { recursive: true })
    log.now += 60 * SECOND_MS
    log.tend()
    assert.equal(segmentsOf(file).length, 1, 'tried again after a minute')
    log.close()
  }))

test('where no new file can be made, the old one has its name again', () =>
  withFile(async (file) => {
    const log = new SegmentedLog(file, { rotateBytes: 1 })
    log.add(1)
    const { file: segmented } = log
    segmented.reopen = () => {
      throw new Error('no room')
    }
    log.add(2)
    assert.deepEqual(names(file), ['m.ndjson'])
    assert.deepEqual(log.told, ['warn /m.ndjson: not rotated, and going on in it: no room'])
    log.close()
  }))

test('numbers go on when a power cut has taken all that a new file had, or the server was down when the old one was moved', () =>
  withFile(async (file) => {
    const log = new SegmentedLog(file, { rotateBytes: 2 * record(1).length })
    log.add(5)
    log.close()
    truncateSync(file)
    const second = new SegmentedLog(file, {})
    assert.equal(second.left.seq, 4)
    second.add(2)
    second.close()
    renameSync(file, `${file}.1`)
    const third = new SegmentedLog(file, {})
    assert.equal(third.left.seq, 6)
    third.close()
    renameSync(`${file}.1`, `${file}.other`)
    const other = new SegmentedLog(file, {})
    assert.equal(other.left.seq, 4, 'another store may be called so')
    other.close()
    renameSync(`${file}.other`, `${file}.1`)
    // the beginning of a batch of which no page was written
    writeFileSync(file, Buffer.alloc(100))
    const fourth = new SegmentedLog(file, {})
    assert.equal(fourth.left.seq, 6)
    fourth.close()
    assert.ok(existsSync(file))
  }))
