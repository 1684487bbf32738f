/** A file that somebody else moves, removes, cuts or writes to while the server runs: noticed with the next message, in every model. */
import assert from 'node:assert/strict'
import { appendFileSync, copyFileSync, readFileSync, renameSync, truncateSync, unlinkSync } from 'node:fs'
import { test } from 'node:test'
import { decodeRecord } from '../../src/store/file/record.js'
import { read } from '../../src/store/reading/read.js'
import { segmentsOf } from '../../src/store/segments/segment-name.js'
import { descriptorsOf } from '../harness/proc.js'
import type { TestServer } from '../harness/server.js'
import { killWriter, linesOf, withStore, writerOf } from '../harness/store.js'
import { until } from '../harness/until.js'

/** A client of its own for each: in model single one at a time. */
async function ask(server: TestServer, text: string): Promise<string> {
  const client = await server.connect()
  client.send(`${text}\n`)
  let answer = ''
  while (!answer.endsWith('\n')) answer += await client.takeText(1)
  client.close()
  return answer.slice(0, -1)
}

/** `['1 one', '2 two']` */
const numbered = (file: string): string[] =>
  linesOf(file).map((line) => {
    const record = decodeRecord(line)
    return record === undefined ? String(line) : `${record.seq} ${record.message}`
  })

for (const model of ['single', 'fork', 'prefork', 'multiplex'] as const)
  test(`a file that is moved, copied and cut, removed, and written to by others (${model})`, async () => {
    await withStore({ model }, async ({ server, file }) => {
      assert.equal(await ask(server, 'one'), 'one')
      renameSync(file, `${file}.1`)
      assert.equal(await ask(server, 'two'), 'two', 'logrotate, "create"')
      assert.deepEqual(numbered(`${file}.1`), ['1 one'])
      assert.deepEqual(numbered(file), ['2 two'])

      if (model !== 'single') await killWriter(server)
      assert.equal(await ask(server, 'three'), 'three', 'the next writer goes on in the new one')
      assert.deepEqual(numbered(file), ['2 two', '3 three'])
      const holders = [server.pid, server.supervisor, writerOf(server) ?? server.pid]
      const held = holders.flatMap((pid) => descriptorsOf(pid).filter(({ target }) => target === `${file}.1`))
      assert.deepEqual(held, [], 'nobody holds what was moved away')

      copyFileSync(file, `${file}.2`)
      truncateSync(file)
      assert.equal(await ask(server, 'four'), 'four', 'logrotate, "copytruncate"')
      assert.deepEqual(numbered(file), ['4 four'], 'not behind a hole, and numbers go on')

      truncateSync(file, readFileSync(file).length - 9)
      assert.equal(await ask(server, 'five'), 'five')
      assert.deepEqual(numbered(file), ['5 five'], 'not glued to what is left of another')

      unlinkSync(file)
      assert.equal(await ask(server, 'six'), 'six')
      assert.deepEqual(numbered(file), ['6 six'])

      appendFileSync(file, 'not ours')
      assert.equal(await ask(server, 'lost'), 'error: not stored: i/o error (EIO)')
      assert.match(readFileSync(file, 'utf8'), /"\}\nnot ours$/, 'what is theirs stays')
      await server.logged('why', ({ msg }) =>
        /somebody else has written to it: it has \d+ bytes, and was left/.test(msg),
      )
      renameSync(file, `${file}.3`)
      await until('it stores again', async () => (await ask(server, 'seven')) === 'seven', 5000)
      assert.deepEqual(numbered(file), ['7 seven'])

      const told = (words: RegExp): number => server.log.filter(({ msg }) => words.test(msg)).length
      await until(
        'all is told',
        () => told(/the file was moved away: going on in the one that has its name now$/) === 2,
      )
      assert.equal(told(/the file was removed: going on/), 1)
      assert.equal(told(/somebody else has cut the file, from \d+ bytes to \d+: going on from its end$/), 2)
      // the next writer has another pipe to the supervisor
      if (model !== 'single') assert.deepEqual(await server.stop(), { code: 0, signal: null })
    })
  })

for (const model of ['single', 'fork'] as const)
  test(`a file that the server closes itself, while others move it, and its writer is killed (${model})`, async () => {
    const args = ['--rotate-size', '1k', '--keep-count', '4']
    await withStore({ model, args }, async ({ server, file }) => {
      const client = await server.connect()
      const send = async (count: number): Promise<void> => {
        for (let turn = 0; turn < count; turn++) {
          const line = `${String(turn).padEnd(400, 'x')}\n`
          assert.equal(await client.exchange(line), line)
        }
      }
      const closed = (): string[] => segmentsOf(file).map(({ first }) => String(first))
      await send(5)
      assert.deepEqual(closed(), ['1', '3'])
      renameSync(file, `${file}.1`)
      await send(3)
      assert.deepEqual([numbered(`${file}.1`).length, closed()], [1, ['1', '3', '6']])
      if (model !== 'single') await killWriter(server)
      copyFileSync(file, `${file}.2`)
      truncateSync(file)
      await send(7)
      assert.deepEqual(closed(), ['6', '9', '11', '13'], 'the oldest ones were removed')
      const [shown, missing]: [unknown[], string[]] = [[], []]
      for await (const { sequence } of read(file, { damaged: (words) => missing.push(words) })) shown.push(sequence)
      assert.deepEqual(
        [shown, missing],
        [[6, 7, 8, 9, 10, 11, 12, 13, 14, 15], []],
        'from the first that is kept on, with what was copied before it was cut',
      )
      await server.logged('what it does', ({ msg }) => /^removed .*\.000000000003-/.test(msg))
      client.close()
      if (model !== 'single') assert.deepEqual(await server.stop(), { code: 0, signal: null })
    })
  })
