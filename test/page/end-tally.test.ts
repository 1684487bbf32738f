/** Ends are counted although only the last are known. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { End } from '../../src/observe/board.js'
import { EndTally } from '../../src/page/end-tally.js'

const end = (id: number, status: number): End => ({ pid: id, role: 'connection', id, status, startedMs: 0, endedMs: 1 })
const WELL = 'exited with status 0: finished'

test('each end once, by its reason', () => {
  const tally = new EndTally()
  assert.deepEqual(tally.add([], 0), [])
  assert.deepEqual(tally.add([end(2, 9), end(1, 0)], 2), [
    { role: 'connection', reason: 'killed by SIGKILL', count: 1 },
    { role: 'connection', reason: WELL, count: 1 },
  ])
  const [killed, well] = tally.add([end(3, 0), end(2, 9), end(1, 0)], 3)
  assert.deepEqual([killed?.count, well?.count], [1, 2])
})

test('what ended unseen is counted as that, so that the sum is right', () => {
  const tally = new EndTally()
  const counts = tally.add([end(40, 0), end(39, 0)], 40)
  assert.deepEqual(counts.at(-1), { role: 'unseen', reason: 'unseen', count: 38 })
  assert.equal(
    counts.reduce((sum, { count }) => sum + count, 0),
    40,
  )
})
