/** A server whose preparation fails rejects once, in the launcher, and leaves nothing behind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture, runToEnd } from '../harness/program.js'

const failures: [how: string, model: string, expected: object][] = [
  ['throws', 'fork', { name: 'StartError', message: 'cannot open the store', exitCode: 111 }],
  ['throws', 'single', { name: 'Error', message: 'cannot open the store' }],
  [
    'crashes',
    'fork',
    {
      name: 'StartError',
      message: 'the supervisor exited with status 71: an unexpected error of Tined itself before it was ready',
      exitCode: 111,
    },
  ],
  [
    'service-exits',
    'fork',
    { name: 'StartError', message: 'the writer exited with status 7 before it was ready', exitCode: 111 },
  ],
]

for (const [how, model, expected] of failures)
  test(`a preparation that ${how} in model ${model} is an error of serve(), reported once`, async () => {
    const { file } = fixture('prepare-fails.js')
    const { stdout, stderr, code } = await runToEnd({ file, args: [how, model] })
    assert.equal(code, 0, stderr)
    assert.deepEqual(JSON.parse(stdout), { ...expected, children: 0, listeners: 0 })
    if (how === 'crashes') assert.match(stderr, /the supervisor failed: Error: nobody foresaw this/)
  })
