/** Files that the server closes itself: when, which are removed, what they are called, and how they are read. */
import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { checkStoreOptions } from '../../../src/services/store-options.js'
import { GrowingBuffer } from '../../../src/store/connection/growing-buffer.js'
import { ndjson } from '../../../src/store/file/formats/ndjson.js'
import { addRecord } from '../../../src/store/file/record.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { type ReadOptions, read } from '../../../src/store/reading/read.js'
import { verify } from '../../../src/store/reading/verify.js'
import { isDue, outdated, type SegmentLimits } from '../../../src/store/segments/limits.js'
import { segmentAt, segmentPath, segmentsOf } from '../../../src/store/segments/segment-name.js'
import { SegmentedFile } from '../../../src/store/segments/segmented-file.js'
import { parseSink } from '../../../src/store/sinks/parse.js'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tined-segments-'))
  path = join(folder, 'm.ndjson')
})
afterEach(() => rmSync(folder, { recursive: true }))

const BEGIN_MS = Date.UTC(2026, 0, 31, 12)
const SECOND_MS = 1000
/** One a second. */
const timeOf = (seq: number): number => BEGIN_MS + seq * SECOND_MS

const record = (seq: number): Buffer => {
  const target = new GrowingBuffer(1024)
  const time = new Date(timeOf(seq)).toISOString()
  addRecord(target, { seq, time, connection: 'ab12cd34-1', n: seq, peer: '127.0.0.1:1' }, Buffer.from(`message ${seq}`))
  return Buffer.from(target.bytes.subarray(0, target.length))
}

/** Appends records one by one, as a writer does, and tells what was logged. */
class Log {
  now = timeOf(0)
  readonly told: string[] = []
  readonly #opened = openStoreFile(path)
  readonly file: SegmentedFile
  left: { inode: number; length: number; seq: number }

  constructor(limits: SegmentLimits) {
    this.file = new SegmentedFile(path, this.#opened.fd, ndjson, limits, undefined, () => this.now)
    const { seq } = this.file.resume(undefined)
    this.left = { inode: this.file.inode, length: this.file.length(), seq }
  }

  tend(): void {
    this.left = this.file.tend(this.left, (level, message) =>
      this.told.push(`${level} ${message.replaceAll(folder, '')}`),
    )
    assert.ok(this.file.isAsLeft(this.left.length), 'it is as it says')
  }

  add(count: number): void {
    for (let turn = 0; turn < count; turn++) {
      this.tend()
      const seq = this.left.seq + 1
      this.now = timeOf(seq)
      this.file.append(record(seq))
      utimesSync(path, this.now / SECOND_MS, this.now / SECOND_MS)
      this.left = { ...this.left, length: this.file.length(), seq }
    }
  }

  close(): void {
    this.file.close()
  }
}

const names = (): string[] => readdirSync(folder).sort()
const numbers = async (options: ReadOptions = {}): Promise<(number | undefined)[]> => {
  const found: (number | undefined)[] = []
  for await (const { sequence } of read(path, options)) found.push(sequence)
  return found
}

test('names have the number and the time of the first record', () => {
  const segment = segmentPath(path, 7, timeOf(7))
  assert.equal(segment, `${path}.000000000007-20260131T120007.000Z`)
  const name = 'm.ndjson.000000000007-20260131T120007.000Z'
  assert.deepEqual(segmentAt(path, name), { path: segment, first: 7, atMs: timeOf(7), packed: false })
  assert.equal(segmentAt(path, `${name}.gz`)?.packed, true)
  for (const other of ['m.ndjson', 'm.ndjson.1', 'm.ndjson-20260131', `${name}.torn-20260131T120000Z`, `a${name}`])
    assert.equal(segmentAt(path, other), undefined, other)
})

test('a file is due by its size or its age, and never when it is empty', () => {
  const due = (limits: SegmentLimits, bytes: number, nowMs: number): boolean => isDue(limits, bytes, () => 1000, nowMs)
  assert.deepEqual([due({ rotateBytes: 100 }, 99, 0), due({ rotateBytes: 100 }, 100, 0)], [false, true])
  assert.deepEqual([due({ rotateAgeMs: 50 }, 1, 1049), due({ rotateAgeMs: 50 }, 1, 1050)], [false, true])
  assert.deepEqual([due({ rotateAgeMs: 50 }, 0, 9999), due({}, 1e12, 1e15)], [false, false])
})

test('the oldest are removed, as many as any limit asks for', () => {
  const closed = [1, 2, 3, 4].map((number) => ({ path: String(number), bytes: 10, writtenMs: number * 100 }))
  const removed = (limits: SegmentLimits): string =>
    outdated(limits, closed, 500)
      .map((each) => each.path)
      .join('')
  assert.equal(removed({}), '')
  assert.deepEqual(
    [removed({ keepCount: 4 }), removed({ keepCount: 1 }), removed({ keepCount: 0 })],
    ['', '123', '1234'],
  )
  assert.deepEqual(
    [removed({ keepBytes: 40 }), removed({ keepBytes: 39 }), removed({ keepBytes: 9 })],
    ['', '1', '1234'],
  )
  assert.deepEqual([removed({ keepAgeMs: 400 }), removed({ keepAgeMs: 250 })], ['', '12'])
  assert.equal(removed({ keepCount: 3, keepAgeMs: 150, keepBytes: 1000 }), '123')
})

test('closes, goes on, removes, and is read from its first segment on', async () => {
  const size = record(1).length
  const log = new Log({ rotateBytes: 2 * size, keepCount: 2 })
  log.add(5)
  assert.deepEqual(names(), [
    'm.ndjson',
    'm.ndjson.000000000001-20260131T120001.000Z',
    'm.ndjson.000000000003-20260131T120003.000Z',
  ])
  assert.deepEqual(await numbers(), [1, 2, 3, 4, 5])
  const kept: string[] = []
  for await (const { offset } of read(path)) kept.push(offset)
  log.add(4)
  assert.deepEqual(await numbers(), [5, 6, 7, 8, 9])
  assert.deepEqual(
    await numbers({ after: kept[4] as string }),
    [6, 7, 8, 9],
    'an offset is good for what the file is called now',
  )
  await assert.rejects(numbers({ after: kept[0] as string }), /messages 2 to 4 are missing/, 'what was removed is told')
  const { ino, size: end } = statSync(path)
  const reused = numbers({ after: `${ino}:${end}:1` })
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
  const found = verify(parseSink('sink', path), (words) => faults.push(words))
  assert.deepEqual([found.messages, found.first?.sequence, found.last?.sequence, faults], [5, 5, 9, []])
  log.close()
})

test('by age, also when nothing comes; and what is too old goes', () => {
  const log = new Log({ rotateAgeMs: 10 * SECOND_MS, keepAgeMs: 100 * SECOND_MS })
  log.add(3)
  log.now = timeOf(11)
  log.tend()
  assert.deepEqual(names(), ['m.ndjson', 'm.ndjson.000000000001-20260131T120001.000Z'])
  log.now = timeOf(103)
  log.tend()
  assert.equal(names().length, 2)
  log.now = timeOf(200)
  log.tend()
  assert.deepEqual(names(), ['m.ndjson'])
  log.add(1)
  assert.equal(log.left.seq, 4)
  log.close()
})

test('only what may have something of what is wanted is read', async () => {
  const log = new Log({ rotateBytes: 2 * record(1).length })
  log.add(7)
  const segments = segmentsOf(path)
  const [first, second] = segments.map((segment) => segment.path)
  // whoever reads these has found damage
  appendFileSync(first as string, 'damage\n')
  appendFileSync(second as string, 'damage\n')
  await assert.rejects(numbers(), new RegExp(`${first}, line 3, byte \\d+: damaged record, 6 bytes`))
  assert.deepEqual(await numbers({ since: new Date(timeOf(6)) }), [6, 7])
  assert.deepEqual(await numbers({ since: new Date(timeOf(7)) }), [7])
  const read = (last: number): number[] => {
    const { kind, place } = parseSink('sink', path)
    const reader = kind.read(place, { last, changed: assert.fail })
    const found = [...reader.read()].map(({ bytes }) => ndjson.seqOf(bytes))
    reader.close()
    return found
  }
  assert.deepEqual([read(1), read(2), read(3)], [[7], [5, 6, 7], [5, 6, 7]])
  truncateSync(path)
  assert.deepEqual(read(1), [5, 6], 'the file itself has nothing')
  log.close()
})

test('follows from one to the next', async () => {
  const log = new Log({ rotateBytes: 2 * record(1).length })
  log.add(1)
  const found: (number | undefined)[] = []
  const words: string[] = []
  for await (const { sequence } of read(path, { follow: true, damaged: (what) => words.push(what) })) {
    found.push(sequence)
    if (sequence === 9) break
    log.add(sequence === 4 ? 3 : 1)
  }
  assert.deepEqual([found, words], [[1, 2, 3, 4, 5, 6, 7, 8, 9], []])
  log.close()
})

test('what keeps it from being closed is told, and it goes on where it is', () => {
  const log = new Log({ rotateBytes: 1 })
  log.add(1)
  mkdirSync(`${path}.000000000001-20260131T120001.000Z`)
  log.add(3)
  assert.deepEqual(log.told, [
    'warn /m.ndjson: not rotated, and going on in it: /m.ndjson.000000000001-20260131T120001.000Z is there already',
  ])
  assert.equal(readFileSync(path, 'utf8').split('\n').length, 5)
  rmSync(`${path}.000000000001-20260131T120001.000Z`, { recursive: true })
  log.now += 60 * SECOND_MS
  log.tend()
  assert.equal(segmentsOf(path).length, 1, 'tried again after a minute')
  log.close()
})

test('where no new file can be made, the old one has its name again', () => {
  const log = new Log({ rotateBytes: 1 })
  log.add(1)
  const { file } = log
  file.reopen = () => {
    throw new Error('no room')
  }
  log.add(2)
  assert.deepEqual(names(), ['m.ndjson'])
  assert.deepEqual(log.told, ['warn /m.ndjson: not rotated, and going on in it: no room'])
  log.close()
})

test('numbers go on when a power cut has taken all that a new file had, or the server was down when the old one was moved', () => {
  const log = new Log({ rotateBytes: 2 * record(1).length })
  log.add(5)
  log.close()
  truncateSync(path)
  const second = new Log({})
  assert.equal(second.left.seq, 4)
  second.add(2)
  second.close()
  renameSync(path, `${path}.1`)
  const third = new Log({})
  assert.equal(third.left.seq, 6)
  third.close()
  renameSync(`${path}.1`, `${path}.other`)
  const other = new Log({})
  assert.equal(other.left.seq, 4, 'another store may be called so')
  other.close()
  renameSync(`${path}.other`, `${path}.1`)
  // the beginning of a batch of which no page was written
  writeFileSync(path, Buffer.alloc(100))
  const fourth = new Log({})
  assert.equal(fourth.left.seq, 6)
  fourth.close()
  assert.ok(existsSync(path))
})

test('options that have no meaning together are refused', () => {
  const check = (options: Record<string, unknown>) => () => checkStoreOptions({ to: 'm.ndjson', ...options })
  assert.throws(
    check({ keepCount: 3 }),
    /^TypeError: keepCount: expected together with rotateBytes or rotateAgeMs, which closes files$/,
  )
  assert.throws(
    check({ to: 'text:m', rotateBytes: 3 }),
    /^TypeError: rotateBytes: only of files of records, got to text:FILE$/,
  )
  assert.equal(check({ keepCount: 3, rotateAgeMs: 5000 })().keepCount, 3)
})
