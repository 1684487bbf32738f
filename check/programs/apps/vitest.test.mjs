/** A server in the process of a test, as a program's own tests have one. */
import { writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { serve } from 'tined'
import { expect, test } from 'vitest'

const { CHECK_MODEL: model, CHECK_FOLDER: folder, CHECK_CONNECTIONS: count } = process.env

const talk = (port, text) =>
  new Promise((resolve, reject) => {
    let answer = ''
    net
      .connect(port, '127.0.0.1', function connected() {
        this.end(text)
      })
      .setEncoding('utf8')
      .on('data', (piece) => {
        answer += piece
      })
      .on('error', reject)
      .on('close', () => resolve(answer))
  })

test('each client gets its own answer', { timeout: 300_000 }, async () => {
  let server
  try {
    server = await serve({ port: 0, model, log: 'json' }, async (connection) => {
      for await (const chunk of connection) await connection.write(await delay(Math.random() * 10, chunk))
    })
  } catch (error) {
    writeFileSync(join(folder, 'refused'), `${error.name}: ${error.message}`)
    return
  }
  const port = Number(server.addresses[0].split(':').pop())
  const names = Array.from({ length: Number(count) }, (_, index) => `client-${index}`)
  const queue = [...names]
  const wrong = []
  const client = async () => {
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const got = await talk(port, name)
      if (got !== name) wrong.push(`${name}: got ${got}`)
    }
  }
  await Promise.all(Array.from({ length: 10 }, client))
  writeFileSync(join(folder, 'outcome'), JSON.stringify({ right: names.length - wrong.length, wrong }))
  expect(wrong).toEqual([])
  expect((await server.drain()).code).toBe(0)
})
