/** What so many times are below, from how many are below each power of two. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketsSince, percentileMs } from '../../src/observe/percentile.js'

const of = (...pairs: [place: number, count: number][]): number[] => {
  const buckets = Array<number>(22).fill(0)
  for (const [place, count] of pairs) buckets[place] = count
  return buckets
}

test('a median, and what one of a hundred is above', () => {
  assert.equal(percentileMs(of(), 0.5), undefined)
  assert.equal(percentileMs(of([4, 2]), 0.5), 0.012, 'between 8 and 16 us')
  assert.equal(percentileMs(of([0, 10]), 0.5), 0.0005)
  assert.equal(percentileMs(of([4, 98], [11, 2]), 0.99), 1.536, 'between 1.024 and 2.048 ms')
  assert.equal(percentileMs(of([21, 5]), 0.99), 1048.576, 'of a second and more it is not known how many')
})

test('those in between two looks; none where a server has begun anew', () => {
  assert.deepEqual(bucketsSince([1, 2, 3], [1, 5, 2]), [0, 3, 0])
  assert.deepEqual(bucketsSince([], [1, 2]), [1, 2])
})
