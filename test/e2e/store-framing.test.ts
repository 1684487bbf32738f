/** Framings and transports together: a message that has come back is in the file, and nonsense gets a clear error in its own framing. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import tls from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import type { Model } from '../../src/server/options.js'
import { certificate, privateKey } from '../features/fixtures/certificate.js'
import { Client, target } from '../harness/client.js'
import { tined } from '../harness/program.js'
import { killWriter, messagesOf, withStore } from '../harness/store.js'

const [key, cert] = ['key', 'cert'].map((name) => join(tmpdir(), `tined-framing-${process.pid}-${name}.pem`)) as [
  string,
  string,
]
writeFileSync(key, privateKey)
writeFileSync(cert, certificate)
after(() => {
  rmSync(key)
  rmSync(cert)
})

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

/** As a client frames them, by the words of docs/store.md and with nothing of Tined. */
const frames: Record<string, (message: Buffer) => Buffer> = {
  length(message) {
    const length = Buffer.alloc(4)
    length.writeInt32BE(message.length)
    return Buffer.concat([length, message])
  },
  'octet-count': (message) => Buffer.concat([bytes(`${message.length} `), message]),
  raw: (message) => message,
  'delimiter:nul': (message) => Buffer.concat([message, bytes('\0')]),
}

interface Case {
  framing: string
  model: Model
  unix?: true
  encrypted?: true
  /** What no client of this framing sends, and what it is told. */
  garbage?: [sent: string, told: string]
}

const cases: Case[] = [
  {
    ...{ framing: 'length', model: 'multiplex', encrypted: true },
    garbage: ['GET / HT', 'message longer than 65536 bytes: the four bytes before it say 1195725856'],
  },
  {
    ...{ framing: 'octet-count', model: 'fork', unix: true, encrypted: true },
    garbage: ['-5 xyz', 'expected the length of a message, as RFC 6587 has it, or <, got "-"'],
  },
  { framing: 'delimiter:nul', model: 'prefork', encrypted: true, unix: true },
  { framing: 'raw', model: 'single', encrypted: true },
]

const bodies = [bytes('one'), bytes('\xff\xfe'), bytes('x'.repeat(20_000)), Buffer.from('mit Umlaut: ä')]
/** What lines cannot carry. */
const multiline = bytes('two\nlines\r\n')

async function dial(address: string, encrypted: boolean): Promise<Client> {
  if (!encrypted) return Client.connect(address)
  const socket = tls.connect({ ...target(address), ca: certificate } as tls.ConnectionOptions)
  await once(socket, 'secureConnect')
  return new Client(socket)
}

for (const { framing, model, unix, encrypted = false, garbage } of cases)
  test(`framing ${framing}, model ${model}${unix ? ', a unix socket' : ''}${encrypted ? ', TLS' : ''}: what came back is stored`, async () => {
    const socketFile = join(tmpdir(), `tined-framing-${process.pid}`)
    const args = [
      ...['--framing', framing, ...(unix ? ['--listen', `unix:${socketFile}`] : [])],
      ...(encrypted ? ['--tls-key', key, '--tls-cert', cert] : []),
    ]
    await withStore({ model, args }, async ({ server, file }) => {
      const frame = frames[framing] as (message: Buffer) => Buffer
      const address = unix ? `unix:${socketFile}` : (server.address.split(' ')[0] as string)
      const client = await dial(address, encrypted)
      const expected: Buffer[] = []
      for (const body of [...bodies, multiline]) {
        const framed = frame(body)
        client.send(framed)
        assert.ok((await client.take(framed.length)).equals(framed))
        expected.push(body)
        // a read brings what TCP and TLS make of it
        if (framing === 'raw') assert.ok(Buffer.concat(messagesOf(file)).equals(Buffer.concat(expected)))
        else assert.ok(isDeepStrictEqual(messagesOf(file), expected))
      }
      if (framing !== 'raw') {
        const many = Array.from({ length: 3000 }, (_, index) => bytes(`${index} ${'y'.repeat(index % 50)}`))
        const sent = Buffer.concat(many.map(frame))
        // in pieces that end anywhere, and with a writer that dies in the middle
        for (let at = 0; at < sent.length; at += 997) client.send(sent.subarray(at, at + 997))
        if (framing === 'length') await killWriter(server)
        assert.ok((await client.take(sent.length)).equals(sent))
        expected.push(...many)
        assert.ok(isDeepStrictEqual(messagesOf(file), expected))
      }
      if (framing === 'length' || framing === 'octet-count') {
        // in one piece and in many: the client goes on all the same
        const long = frame(bytes('z'.repeat(70_000)))
        const said = framing === 'length' ? 'the four bytes before it say 70000' : 'it has 70000'
        const reason = `message longer than 65536 bytes: ${said}`
        const answers = [bytes('before'), bytes(`error: ${reason}`), bytes('after')].map(frame)
        client.send(Buffer.concat([answers[0] as Buffer, long, answers[2] as Buffer]))
        const answer = Buffer.concat(answers)
        assert.equal(String(await client.take(answer.length)), String(answer))
        expected.push(bytes('before'), bytes('after'))
        assert.ok(isDeepStrictEqual(messagesOf(file), expected))
        assert.ok(await server.logged('the reason', ({ msg }) => msg === reason))
      }
      if (garbage !== undefined) {
        const [sent, told] = garbage
        const fool = await dial(address, encrypted)
        fool.send(Buffer.concat([frame(bytes('good')), bytes(sent)])).end()
        assert.equal(String(await fool.rest()), `${frame(bytes('good'))}${frame(bytes(`error: ${told}`))}`)
        fool.close()
        expected.push(bytes('good'))
        assert.ok(await server.logged('the reason', ({ msg }) => msg === told))
      }
      const last = frame(bytes('last'))
      client.send(last).end()
      assert.equal(String(await client.rest()), String(last))
      client.close()
      // a descriptor of the next writer's is another
      if (framing === 'length') assert.deepEqual(await server.stop(), { code: 0, signal: null })
      if (framing === 'length') exported(file, [...expected, bytes('last')])
    })
  })

function exported(file: string, messages: readonly Buffer[]): void {
  const run = (...flags: string[]) => spawnSync(process.execPath, [tined().file, 'store', 'export', file, ...flags])
  const apart = run('--framing', 'delimiter:;;')
  assert.ok(apart.stdout.equals(Buffer.concat(messages.map((message) => Buffer.concat([message, bytes(';;')])))))
  assert.match(String(apart.stderr), /^next: /)
  assert.match(
    String(run().stderr),
    /: 1 message with what ends a message inside: --framing length keeps them apart\nnext: /,
  )
}

test('a text file takes no message of several lines, and says so', async () => {
  await withStore({ model: 'single', format: 'text', args: ['--framing', 'length'] }, async ({ server, file }) => {
    const client = await server.connect()
    const length = frames['length'] as (message: Buffer) => Buffer
    const error = length(bytes('error: not stored: a message with a newline is more than one line of a text: file'))
    client.send(Buffer.concat([bytes('one'), multiline, bytes('two')].map(length)))
    assert.equal(
      String(await client.take(length(bytes('one')).length * 2 + error.length)),
      [length(bytes('one')), error, length(bytes('two'))].join(''),
    )
    client.close()
    assert.deepEqual(messagesOf(file).map(String), ['one', 'two'])
  })
})
