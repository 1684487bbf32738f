/** What a handler was writing to a file when it ended is written, also where `process.exit` is not Node's. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const NAMES = Array.from({ length: 10 }, (_, client) => `${client % 2 === 0 ? 'failing' : 'client'}-${client}`)

for (const model of ['fork', 'prefork', 'multiplex'] as const)
  test(`lines that are being written to a file when handlers end are there (model ${model})`, async () => {
    await withServer(fixture('last-lines.js', { model }), async (server) => {
      const clients = await Promise.all(NAMES.map(() => server.connect()))
      for (const [place, name] of NAMES.entries()) await clients[place]?.send(name).take(1)
      // a worker of model multiplex leaves with its last connection
      server.signal('SIGTERM')
      for (const client of clients) client.end()
      if (model === 'fork') {
        const ends = await Promise.all(clients.map((client) => server.endOf(client)))
        assert.equal(ends.filter((words) => /status 1: the handler failed/.test(words)).length, NAMES.length / 2)
      }
      assert.deepEqual(await server.finished(), { code: 0, signal: null })
      assert.doesNotMatch(server.stderr, /worker process exited with status 1/)
      for (const client of clients) client.close()
      const lines = readFileSync(join(server.folder, 'lines'), 'utf8').replace(/ x+$/gm, '').trimEnd().split('\n')
      const wanted = NAMES.flatMap((name) => [
        ...[1, 2, 3].map((line) => `stream ${line} of ${name}`),
        `written by ${name}`,
      ])
      assert.deepEqual(lines.sort(), wanted.sort())
    })
  })
