import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decodeStatus,
  WCOREDUMP,
  WEXITSTATUS,
  WIFCONTINUED,
  WIFEXITED,
  WIFSIGNALED,
  WIFSTOPPED,
  WSTOPSIG,
  WTERMSIG,
} from '../../src/libc/wait-status.js'

test('every exit code is decoded', () => {
  for (let code = 0; code <= 255; code++) {
    const status = code << 8
    assert.deepEqual(decodeStatus(status), { type: 'exited', code })
    assert.deepEqual([WIFEXITED(status), WIFSIGNALED(status), WIFSTOPPED(status)], [true, false, false])
    assert.equal(WEXITSTATUS(status), code)
  }
})

test('every signal is decoded, with and without a core dump', () => {
  for (let signal = 1; signal <= 64; signal++)
    for (const core of [false, true]) {
      const status = signal | (core ? 0x80 : 0)
      assert.deepEqual(decodeStatus(status), { type: 'signaled', signal, core })
      assert.deepEqual([WIFEXITED(status), WIFSIGNALED(status), WIFSTOPPED(status)], [false, true, false])
      assert.deepEqual([WTERMSIG(status), WCOREDUMP(status)], [signal, core])
    }
})

test('a stop and a continuation are decoded', () => {
  assert.deepEqual(decodeStatus((19 << 8) | 0x7f), { type: 'stopped', signal: 19 })
  assert.equal(WSTOPSIG((20 << 8) | 0x7f), 20)
  assert.deepEqual(decodeStatus(0xffff), { type: 'continued' })
  assert.deepEqual([WIFCONTINUED(0xffff), WIFSIGNALED(0xffff), WIFSTOPPED(0xffff)], [true, false, false])
})
