/** When it is looked: for all who ask together, and no more often than it may cost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Watcher } from '../../src/page/watcher.js'

test('who asks within an interval gets the same look', () => {
  const watcher = new Watcher(process.pid, 1000)
  const first = watcher.snapshot(0)
  assert.equal(watcher.snapshot(first.everyMs * 0.5), first)
  assert.notEqual(watcher.snapshot(first.everyMs), first)
  assert.equal(first.servers[0]?.root, process.pid)
  assert.ok(watcher.viewWith(process.pid) !== undefined)
  assert.equal(watcher.viewWith(1 << 30), undefined)
})

test('a process that is not there is a problem in words', () => {
  const { servers, problem } = new Watcher(4_194_304, 1000).snapshot(0)
  assert.deepEqual([servers, problem], [[], 'there is no process 4194304'])
})
