import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeExit, EXIT, endedWell } from '../../src/supervisor/exit-status.js'

const words: [status: number, words: string][] = [
  [0, 'exited with status 0: finished'],
  [1 << 8, 'exited with status 1: the handler failed'],
  [13 << 8, 'exited with status 13: the event loop was empty before the handler had finished'],
  [70 << 8, 'exited with status 70: it could not be set up'],
  [7 << 8, 'exited with status 7'],
  [255 << 8, 'exited with status 255'],
  [9, 'killed by SIGKILL'],
  [11 | 0x80, 'killed by SIGSEGV, core dumped'],
  [40, 'killed by signal 40'],
  [(19 << 8) | 0x7f, 'stopped by SIGSTOP'],
  [0xffff, 'continued'],
]

for (const [status, expected] of words)
  test(`wait status ${status} is "${expected}"`, () => assert.equal(describeExit(status), expected))

test('only status 0 is a good end', () => {
  assert.equal(endedWell(0), true)
  for (const status of [1 << 8, 9, 0xffff]) assert.equal(endedWell(status), false)
})

test('misuse and refusal by the system are 100 and 111', () => {
  assert.deepEqual([EXIT.misuse, EXIT.system], [100, 111])
})
