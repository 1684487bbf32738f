/** What `ps` shows of a server that was started by a short command, which leaves room for a dozen letters. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { childrenOf } from '../harness/proc.js'
import { fixture, type Launch } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

/** As ps prints it. */
const shown = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'latin1').replace(/\0+$/, '')

const long = fixture('titles.js', { port: 0 })
/** The same by as few letters as possible: the kernel counts those of the command alone. */
const short: Launch = {
  ...long,
  under: ['sh', '-c', `cd ${dirname(long.file)} && exec node titles.js {}`, 'sh'],
  env: { PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
}

for (const [words, launch] of [
  ['a long command', long],
  ['a short command', short],
] as const)
  test(`${words}: every process has its whole title, and a handler may choose its own`, () =>
    withServer(launch, async (server) => {
      await until('its title', () => shown(server.supervisor) === 'tined: supervisor')
      const client = await server.connect()
      const own = `tined: connection ${client.name} #1`
      client.send('\n')
      assert.equal(await client.takeText(own.length + 1), `${own}\n`)
      const [connection] = childrenOf(server.supervisor) as [number]
      assert.equal(shown(connection), own)
      assert.equal(await client.exchange('chosen\n'), 'chosen\n')
      assert.equal(shown(connection), 'chosen')
      client.close()
    }))
