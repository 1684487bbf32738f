import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Child, Children } from '../../src/supervisor/children.js'

const child = (pid: number, role: Child['role'] = 'connection'): Child => ({
  pid,
  role,
  id: pid,
  peer: undefined,
  startedMs: 0,
  slot: 1,
})

test('forked is always running plus reaped', () => {
  const children = new Children()
  const balanced = (): boolean => children.forked === children.running + children.reaped
  for (let pid = 1; pid <= 10; pid++) {
    children.add(child(pid, pid % 2 === 0 ? 'writer' : 'connection'))
    assert.ok(balanced())
  }
  for (const pid of [3, 99, 4, 3]) {
    children.remove(pid)
    assert.ok(balanced())
  }
  const { forked, running, reaped, adopted } = children
  assert.deepEqual({ forked, running, reaped, adopted }, { forked: 10, running: 8, reaped: 2, adopted: 2 })
})

test('children are counted by role', () => {
  const children = new Children()
  children.add(child(1))
  children.add(child(2))
  children.add(child(3, 'writer'))
  assert.deepEqual([children.count('connection'), children.count('writer'), children.count('page')], [2, 1, 0])
  assert.equal(children.remove(2)?.pid, 2)
  assert.equal(children.count('connection'), 1)
  assert.deepEqual(
    [...children.all()].map(({ pid }) => pid),
    [1, 3],
  )
})
