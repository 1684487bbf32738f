/** What is done for speed only: seen in the supervisor's mappings, and nothing else changes without it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SPEED_TRICKS } from '../../src/speed/switches.js'
import { converse } from '../harness/client.js'
import { runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const echo = (without: string) => ({
  ...tined('echo', '--listen', '127.0.0.1:0', '--log', 'json'),
  env: { TINED_WITHOUT: without },
})

for (const without of ['', ...SPEED_TRICKS, SPEED_TRICKS.join(',')])
  test(`echo answers without ${without === '' ? 'leaving anything out' : without}`, async () => {
    await withServer(echo(without), async (server) => {
      for (let round = 0; round < 3; round++)
        assert.equal((await converse(server.address, `round ${round}`)).toString(), `round ${round}`)
      const maps = readFileSync(`/proc/${server.supervisor}/maps`, 'utf8')
      assert.equal(maps.includes('memfd:tined-frozen'), !without.includes('freeze'))
    })
  })

test('a measure that does not exist is refused by name', async () => {
  const { code, stderr } = await runToEnd(echo('frieze'))
  assert.match(
    stderr,
    new RegExp(`^tined: fatal: TINED_WITHOUT: expected some of ${SPEED_TRICKS.join(',')}, got "frieze"$`, 'm'),
  )
  assert.notEqual(code, 0)
})
