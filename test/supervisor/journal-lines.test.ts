import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journalLine } from '../../src/supervisor/journal-lines.js'

const line = (fields: object): string => journalLine(JSON.stringify({ time: 1, pid: 2, ...fields }))

test('a line for the journal has a priority, the sentence and the fields', () => {
  assert.equal(line({ level: 30, msg: 'stopped', connections: 0 }), '<6>stopped {"connections":0}\n')
  assert.equal(line({ level: 50, msg: 'given up' }), '<3>given up\n')
  assert.deepEqual(
    [40, 20].map((level) => line({ level, msg: 'x' })),
    ['<4>x\n', '<7>x\n'],
  )
})

test('each line of a stack has it, and no field forges an entry', () => {
  assert.equal(line({ level: 40, msg: 'Error: x\n    at y' }), '<4>Error: x\n<4>    at y\n')
  assert.equal(line({ level: 30, msg: 'x', peer: 'a\n<0>forged' }), '<6>x {"peer":"a\\n<0>forged"}\n')
})
