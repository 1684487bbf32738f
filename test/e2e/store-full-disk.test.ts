/** A full disk: senders are told on their own connection, nothing that came back is lost, and it works again when there is room. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Client } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { linesOf, MODELS, messagesOf, withStore } from '../harness/store.js'
import { until } from '../harness/until.js'

const NO_SPACE = 'error: not stored: no space left on device (ENOSPC)'
const TOO_LARGE = 'error: not stored: file too large (EFBIG)'

/** Runs a test on a file system of 256 KB. Mounting takes a privilege; without it the test is skipped, with the reason. */
async function withSmallDisk(skip: (reason: string) => void, run: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { encoding: 'utf8' })
    if (mounted.status !== 0) {
      skip(`a small tmpfs cannot be mounted: ${mounted.error?.message ?? mounted.stderr.trim()}`)
      return
    }
    try {
      await run(disk)
    } finally {
      spawnSync('umount', ['-l', disk])
    }
  })
}

/** Sends one line, and returns the one that comes back. */
async function ask(client: Client, text: string): Promise<string> {
  client.send(`${text}\n`)
  let answer = ''
  while (!answer.endsWith('\n')) answer += await client.takeText(1)
  return answer.slice(0, -1)
}

const line = (index: number): string => `${index} ${'x'.repeat(5000)}`

for (const model of MODELS)
  for (const format of ['ndjson', 'text'] as const)
    test(`a full disk (model ${model}, ${format})`, async (context) => {
      await withSmallDisk(
        (reason) => context.skip(reason),
        async (folder) => {
          await withStore({ model, format, folder }, async ({ server, file }) => {
            const ballast = join(folder, 'ballast')
            writeFileSync(ballast, Buffer.alloc(100_000))
            const client = await server.connect()
            const kept: string[] = []
            let refused = 0
            for (let index = 0; index < 60; index++) {
              const answer = await ask(client, line(index))
              if (answer === line(index)) kept.push(answer)
              else {
                assert.equal(answer, NO_SPACE)
                refused++
              }
            }
            assert.ok(kept.length > 5, `${kept.length} were stored`)
            assert.ok(refused > 5, `${refused} were refused`)
            assert.deepEqual(messagesOf(file).map(String), kept, 'what came back, and nothing else')
            rmSync(ballast)
            for (const index of [100, 101]) {
              assert.equal(await ask(client, line(index)), line(index), 'there is room again')
              kept.push(line(index))
            }
            assert.deepEqual(messagesOf(file).map(String), kept)
            client.close()
          })
        },
      )
    })

for (const model of ['single', 'fork'] as const)
  test(`a full disk for which clients wait (model ${model})`, async (context) => {
    await withSmallDisk(
      (reason) => context.skip(reason),
      async (folder) => {
        const args = ['--when-full', 'wait', '--ack', 'sequence', '--durability', 'os']
        await withStore({ model, folder, args }, async ({ server, file }) => {
          const client = await server.connect()
          const lines = Array.from({ length: 1600 }, (_, index) => `${index} ${'x'.repeat(8000)}`)
          client.send(`${lines.join('\n')}\n`).end()
          const waits = await server.logged('that it waits', ({ msg }) => msg.startsWith('not stored: messages wait'))
          assert.match(waits.msg, /no space left on device/)
          // the kernel has taken what fits its buffers, and then no more for a while
          let before = -1
          let polls = 0
          await until('the client is not read from', () => {
            const { writableLength } = client.socket
            polls = writableLength === before ? polls + 1 : 0
            before = writableLength
            return polls > 40
          })
          assert.ok(client.socket.writableLength > 0, 'its window is closed')
          const first = linesOf(file).length
          assert.ok(
            client.bytesReceived < (first + 1) * '1600 os 2026-01-31T12:00:00.123Z\n'.length,
            'nobody is answered',
          )
          const grown = spawnSync('mount', ['-o', 'remount,size=64m', folder], { encoding: 'utf8' })
          assert.equal(grown.status, 0, grown.stderr)
          const answers = (await client.rest()).toString().split('\n').slice(0, -1)
          assert.deepEqual(
            answers.map((answer) => answer.split(' ', 2).join(' ')),
            lines.map((_, index) => `${index + 1} os`),
          )
          assert.deepEqual(messagesOf(file).map(String), lines)
          const said = server.log.map(({ msg }) => msg).filter((msg) => /stored|storing/.test(msg))
          assert.equal(said.length, 2, said.join('; '))
          client.close()
        })
      },
    )
  })

test('a full disk with many senders at once: each learns the fate of each of its messages, in order', async (context) => {
  await withSmallDisk(
    (reason) => context.skip(reason),
    async (folder) => {
      await withStore({ folder }, async ({ server, file }) => {
        const answers = await Promise.all(
          Array.from({ length: 8 }, async (_, sender) => {
            const client = await server.connect()
            const lines = Array.from({ length: 60 }, (_, index) => `${sender} ${line(index).slice(0, 1500)}`)
            client.send(`${lines.join('\n')}\n`).end()
            const back = (await client.rest()).toString().split('\n').slice(0, -1)
            client.close()
            assert.equal(back.length, lines.length)
            back.forEach((answer, index) => {
              assert.ok(answer === lines[index] || answer === NO_SPACE, answer.slice(0, 60))
            })
            return back.filter((answer) => answer !== NO_SPACE)
          }),
        )
        const stored = messagesOf(file).map(String)
        assert.ok(stored.length > 0 && stored.length < 480)
        assert.deepEqual([...stored].sort(), answers.flat().sort())
      })
    },
  )
})

/** As a full disk, without a privilege: the shell's limit on the size of a file. */
const limited = ['bash', '-c', 'ulimit -f 40; exec "$@"', 'bash']

for (const model of MODELS)
  test(`a file that may not grow (model ${model})`, async () => {
    await withStore({ model, under: limited }, async ({ server, file }) => {
      const client = await server.connect()
      const kept: string[] = []
      for (let index = 0; index < 20; index++) {
        const answer = await ask(client, line(index))
        if (answer === line(index)) kept.push(answer)
        else assert.equal(answer, TOO_LARGE)
      }
      assert.ok(kept.length > 3 && kept.length < 10, `${kept.length} of 40 KB were stored`)
      assert.deepEqual(messagesOf(file).map(String), kept)
      assert.equal(await ask(client, 'short'), 'short', 'a smaller one still fits')
      const { size } = statSync(file)
      truncateSync(file, 0)
      assert.equal(await ask(client, line(50)), line(50), 'there is room again')
      assert.ok(size <= 40 * 1024)
      client.close()
    })
  })

test('a torn tail that cannot be saved is not cut', async (context) => {
  await withSmallDisk(
    (reason) => context.skip(reason),
    async (folder) => {
      const file = join(folder, 'messages.txt')
      writeFileSync(file, 'one\n')
      appendFileSync(file, 'x'.repeat(200_000))
      const failed = withStore({ format: 'text', folder }, async () => {})
      await assert.rejects(failed, /its torn tail cannot be saved: ENOSPC/)
      assert.equal(statSync(file).size, 200_004)
    },
  )
})
