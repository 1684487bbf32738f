/** A signal that comes in the moment in which a server ends is not lost: it does what it does in any Node. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture, runToEnd } from '../harness/program.js'

const ENDED_BY_IT = { code: null, signal: 'SIGINT', stdout: '' }
const printed = (text: string) => ({ code: 0, signal: null, stdout: `${text}\n` })

for (const [name, expected, meaning] of [
  ['nobody', ENDED_BY_IT, 'ends a program that does not listen'],
  [
    'told by another',
    ENDED_BY_IT,
    'ends a program that listens for the signal that has told its server, and not for this one',
  ],
  ['the same turn', ENDED_BY_IT, 'ends that also when it is sent in the turn in which the server ends'],
  ['listens before', printed('program SIGINT, program SIGINT'), 'is heard once by a program that listens'],
  ['listens after', printed('program SIGINT, program SIGINT'), 'is heard by a program that starts to listen then'],
  ['another server', printed('other SIGINT'), 'tells another server of the program once'],
] as const)
  test(`a signal that comes as a server ends ${meaning}`, async () => {
    const { file } = fixture('late-signals.js')
    const { code, signal, stdout, stderr } = await runToEnd({ file, args: [name] })
    assert.equal(stderr, '')
    assert.deepEqual({ code, signal, stdout }, expected)
  })

test('a program ends with its server when that was told by a signal, too, that it does not listen for', async () => {
  const { file } = fixture('late-signals.js')
  const { stdout } = await runToEnd({ file, args: ['told twice'] })
  assert.equal(stdout, 'server SIGINT, server SIGTERM, program SIGTERM, ends\n')
})

test('a program that listens for the signal once decides for itself, too', async () => {
  const { file } = fixture('late-signals.js')
  const { stdout } = await runToEnd({ file, args: ['listens once'] })
  assert.equal(stdout, 'server SIGTERM, program SIGTERM, lives\n')
})
