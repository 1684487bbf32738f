/** What segments are called, when a file is closed, which are removed, and what options say of all that. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkStoreOptions } from '../../../src/services/store-options.js'
import { isDue, outdated, type SegmentLimits } from '../../../src/store/segments/limits.js'
import { segmentAt, segmentPath } from '../../../src/store/segments/segment-name.js'
import { timeOf } from './segmented-log.js'

const path = '/var/lib/m.ndjson'

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
