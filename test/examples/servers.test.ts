/** The server programs of examples/servers, each in every model that makes sense for it. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { certificate, privateKey } from '../features/fixtures/certificate.js'
import { Client, converse } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { descendantsOf, isAlive } from '../harness/proc.js'
import { Program } from '../harness/program.js'
import { until } from '../harness/until.js'

const source = (name: string): string => fileURLToPath(new URL(`../../../examples/servers/${name}`, import.meta.url))
const compiled = (name: string): string => fileURLToPath(new URL(`../../examples/servers/${name}.js`, import.meta.url))

/** Starts one, and ends it with SIGTERM: it drains, and leaves nothing behind. */
async function withExample(
  name: string,
  args: readonly string[],
  run: (address: string, program: Program) => Promise<void>,
): Promise<void> {
  const program = new Program({ file: compiled(name), args })
  try {
    const address = await until(
      'it listens',
      () => {
        if (program.ended !== undefined) throw new Error(`${name} ended: ${program.stderr}`)
        return /on (127\.0\.0\.1:\d+)/.exec(program.stdout)?.[1]
      },
      15_000,
    )
    await run(address, program)
    const tree = [program.pid, ...descendantsOf(program.pid)]
    process.kill(program.pid, 'SIGTERM')
    assert.deepEqual(await program.finished(), { code: 0, signal: null }, program.stderr)
    assert.deepEqual(tree.filter(isAlive), [])
  } finally {
    if (program.ended === undefined) process.kill(program.pid, 'SIGKILL')
  }
}

const ANYWHERE = '127.0.0.1:0'

for (const name of ['chat', 'key-value', 'http', 'collector', 'receipts'])
  test(`${name} is shorter than 60 lines`, () => {
    assert.ok(readFileSync(source(`${name}.ts`), 'utf8').split('\n').length <= 60)
  })

test('chat: guests hear each other, and of who comes and goes', () =>
  withExample('chat', [ANYWHERE], async (address) => {
    const [ada, bob] = [await Client.connect(address), await Client.connect(address)]
    const hear = async (client: Client, text: string): Promise<void> =>
      assert.equal(await client.takeText(Buffer.byteLength(text)), text)
    await hear(ada.send('ada\n'), 'Who are you?\n* with you: ada\n')
    await hear(bob.send('bob\r\n'), 'Who are you?\n* with you: ada, bob\n')
    await hear(ada, '* bob is here\n')
    ada.send('안녕\n')
    await hear(bob, 'ada: 안녕\n')
    bob.reset()
    await hear(ada, '* bob has left\n')
    ada.end()
    await ada.rest()
    ada.close()
  }))

for (const model of ['multiplex', 'single'])
  test(`key-value in model ${model}: what one client sets, another gets`, () =>
    withExample('key-value', [ANYWHERE, model], async (address) => {
      const say = async (text: string): Promise<string> => String(await converse(address, text))
      assert.equal(await say('set a one two\nget a\ncount\n'), 'ok\none two\n1\n')
      assert.equal(
        await say('get a\ndelete a\nget a\nset\nnonsense\n'),
        'one two\nok\nnone\nerror: set KEY VALUE\nerror: no command "nonsense"\n',
      )
    }))

for (const model of ['fork', 'multiplex', 'single'])
  test(`http in model ${model}: a connection is kept, and fork gives each its own process`, () =>
    withExample('http', [ANYWHERE, model], async (address) => {
      const ask = async (agent: http.Agent): Promise<string> => {
        const [response] = (await once(http.get(`http://${address}/x`, { agent }), 'response')) as [
          http.IncomingMessage,
        ]
        return String(Buffer.concat(await response.toArray()))
      }
      const answers: string[] = []
      for (let client = 0; client < 2; client++) {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
        answers.push(await ask(agent), await ask(agent))
        agent.destroy()
      }
      const numbers = answers.map((answer) => Number(/answer (\d+)/.exec(answer)?.[1]))
      assert.deepEqual(numbers, model === 'fork' ? [1, 2, 1, 2] : [1, 2, 3, 4])
    }))

for (const model of ['fork', 'multiplex', 'single'])
  test(`http in model ${model} with a key and a certificate is HTTPS`, () =>
    withFolder(async (folder) => {
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
      writeFileSync(key, privateKey)
      writeFileSync(cert, certificate)
      await withExample('http', [ANYWHERE, model, key, cert], async (address) => {
        const asked = https.get(`https://${address}/x`, { ca: certificate, agent: false })
        const [response] = (await once(asked, 'response')) as [http.IncomingMessage]
        assert.match(String(Buffer.concat(await response.toArray())), /^GET \/x: answer 1 of process \d+\n$/)
      })
    }))

for (const model of ['fork', 'multiplex', 'single'])
  test(`collector in model ${model}: every line of every client is in the file, whole`, () =>
    withFolder(async (folder) => {
      const file = join(folder, 'lines.log')
      await withExample('collector', [file, ANYWHERE, model], async (address, program) => {
        const clients = [...Array(6).keys()]
        const lines = (client: number): string[] => [...Array(50).keys()].map((line) => `client ${client} line ${line}`)
        const said = await Promise.all(clients.map((client) => converse(address, lines(client).join('\r\n'))))
        assert.deepEqual(
          said.map(String),
          clients.map(() => '50 lines\n'),
        )
        assert.equal(String(await converse(address, `ok\n${'x'.repeat(3000)}`)), '1 lines, then one that is too long\n')
        const written = readFileSync(file, 'utf8').trimEnd().split('\n')
        const collected = written.map((line) => line.replace(/^\S+Z 127\.0\.0\.1:\d+ /, ''))
        assert.deepEqual(collected.sort(), [...clients.flatMap(lines), 'ok'].sort())
        await until('all ends are told', () => program.stdout.match(/: finished after/g)?.length === 7)
      })
    }))

for (const model of ['fork', 'multiplex'])
  test(`receipts in model ${model}: each line has its number, under which it is in the store`, () =>
    withFolder(async (folder) => {
      const file = join(folder, 'orders.ndjson')
      await withExample('receipts', [file, ANYWHERE, model], async (address) => {
        const said = await Promise.all(['a', 'b', 'c'].map((line) => converse(address, `${line}\n${line}${line}\n`)))
        const records = readFileSync(file, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as { seq: number; time: string; message: string })
        const receipts = said.flatMap((bytes) => String(bytes).trimEnd().split('\n')).sort()
        assert.deepEqual(receipts, records.map(({ seq, time }) => `${seq} since ${time}`).sort())
        assert.deepEqual(records.map(({ message }) => message).sort(), ['a', 'aa', 'b', 'bb', 'c', 'cc'])
      })
    }))
