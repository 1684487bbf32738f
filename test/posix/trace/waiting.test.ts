/** What the trace says before a call is made that is going to wait. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as posix from '../../../src/posix/index.js'
import { waitsForChild, waitsForInput, waitsToReceive } from '../../../src/posix/trace/waiting.js'

test('a read waits where nothing has come, and nowhere else', () => {
  const [readEnd, writeEnd] = posix.pipe()
  assert.equal(waitsForInput(readEnd), true)
  posix.setNonBlocking(readEnd, true)
  assert.equal(waitsForInput(readEnd), false)
  posix.setNonBlocking(readEnd, false)
  posix.write(writeEnd, 'x')
  assert.equal(waitsForInput(readEnd), false)
  assert.equal(posix.read(readEnd, Buffer.alloc(10)), 1, 'nothing was taken by asking')
  posix.close(writeEnd)
  assert.equal(waitsForInput(readEnd), false, 'the end has come')
  posix.close(readEnd)
  assert.equal(waitsForInput(readEnd), false, 'it is refused')
})

test('a recv with MSG_DONTWAIT does not wait', () => {
  const [one, other] = posix.socketpair(posix.AF_UNIX, posix.SOCK_STREAM)
  assert.equal(waitsToReceive(one), true)
  assert.equal(waitsToReceive(one, posix.MSG_DONTWAIT), false)
  for (const fd of [one, other]) posix.close(fd)
})

test('a waitpid with WNOHANG does not wait', () => assert.equal(waitsForChild(-1, posix.WNOHANG), false))
