/** A stream that not everybody may reach: logins, tokens, credentials, TLS. What is secret is nowhere to be seen. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ConnectionOptions, credsAuthenticator } from '@nats-io/transport-node'
import { makeAuthority, makeCertificate, noOpenssl } from '../harness/authority.js'
import { Nats, noNats, streamed } from '../harness/nats.js'
import { makeCredentials } from '../harness/nats-credentials.js'
import { descendantsOf } from '../harness/proc.js'
import { type Launch, runToEnd, tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { withFolder } from '../harness/store.js'
import { until } from '../harness/until.js'

const options = { skip: noNats || noOpenssl }

const SECRET = 'opensesame'
const USER = `authorization { user: me, password: ${SECRET} }\n`
const TOKEN = `authorization { token: ${SECRET} }\n`

/** Runs a test with a broker whose file is this, and its folder. Written anew, it holds from the next start on. */
async function withBroker(
  configuration: (folder: string) => string,
  test: (nats: Nats, folder: string, configure: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, 'nats.conf')
    writeFileSync(file, configuration(folder))
    const nats = await new Nats('-c', file).start()
    const configure = async (text: string): Promise<void> => {
      await nats.kill()
      writeFileSync(file, text)
      await nats.start()
    }
    await test(nats, folder, configure).finally(() => nats.end())
  })
}

/** @param to may have a secret: it is given as a variable */
const storing = (to: string, folder: string, ...args: string[]): Launch => ({
  ...tined('store', '--listen', '127.0.0.1:0', '--log', 'json', '--spool', join(folder, 'spool'), ...args),
  env: { TINED_TO: to },
})

/** An encrypting broker's file. */
function encrypting(folder: string, authority: string, alternative = 'IP:127.0.0.1'): string {
  makeAuthority(folder, authority)
  const certificate = makeCertificate(folder, authority, `server-of-${authority}`, alternative)
  return `tls { cert_file: "${certificate}", key_file: "${certificate.replace('.pem', '.key')}" }\n`
}

async function echoes(server: TestServer, text: string): Promise<void> {
  const client = await server.connect()
  client.send(`${text}\n`)
  assert.equal(await client.takeText(text.length + 1), `${text}\n`)
  client.close()
}

/** What ps(1) shows of a server, and what it logs. */
const shown = (server: TestServer): string =>
  [server.pid, ...descendantsOf(server.pid)]
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    .concat(server.stdout, server.stderr)
    .join('\n')

interface Way {
  readonly configuration: (folder: string) => string
  /** @param server `host:port` */
  readonly to: (server: string, folder: string) => string
  /** Who reads the stream back. */
  readonly who: (folder: string) => ConnectionOptions
}

const inFile = (folder: string, text: string): string => {
  const file = join(folder, 'secret')
  writeFileSync(file, text)
  return file
}

const credentials = makeCredentials()

const ways: Record<string, Way> = {
  'user and password in the variable': {
    configuration: () => USER,
    to: (server) => `nats://me:${SECRET}@${server}/messages`,
    who: () => ({ user: 'me', pass: SECRET }),
  },
  'user and password in a file': {
    configuration: () => USER,
    to: (server, folder) => `nats://${server}/messages?login=${inFile(folder, `me:${SECRET}\n`)}`,
    who: () => ({ user: 'me', pass: SECRET }),
  },
  'a token in the variable': {
    configuration: () => TOKEN,
    to: (server) => `nats://${SECRET}@${server}/messages`,
    who: () => ({ token: SECRET }),
  },
  'a token in a file': {
    configuration: () => TOKEN,
    to: (server, folder) => `nats://${server}/messages?login=${inFile(folder, SECRET)}`,
    who: () => ({ token: SECRET }),
  },
  'a file of credentials': {
    configuration: () => credentials.server,
    to: (server, folder) => `nats://${server}/messages?credentials=${inFile(folder, credentials.user)}`,
    who: () => ({ authenticator: credsAuthenticator(Buffer.from(credentials.user)) }),
  },
  'TLS, by address, and a password': {
    configuration: (folder) => encrypting(folder, 'ca') + USER,
    to: (server, folder) => `tls://me:${SECRET}@${server}/messages?ca=${folder}/ca.pem`,
    who: (folder) => ({ user: 'me', pass: SECRET, tls: { caFile: `${folder}/ca.pem`, host: '127.0.0.1' } as object }),
  },
  'TLS, by name, and a certificate of the client': {
    configuration(folder) {
      const text = encrypting(folder, 'ca', 'DNS:localhost')
      makeCertificate(folder, 'ca', 'client', 'DNS:client')
      return text.replace('{', `{ verify: true, ca_file: "${folder}/ca.pem", `)
    },
    to: (server, folder) =>
      `tls://${server.replace('127.0.0.1', 'localhost')}/messages?ca=${folder}/ca.pem&cert=${folder}/client.pem&key=${folder}/client.key`,
    who: (folder) => ({
      tls: {
        ...{ caFile: `${folder}/ca.pem`, certFile: `${folder}/client.pem`, keyFile: `${folder}/client.key` },
        ...({ host: 'localhost' } as object),
      },
    }),
  },
}

for (const [what, { configuration, to, who }] of Object.entries(ways))
  test(`${what}: messages reach the stream, and nothing secret is shown`, options, () =>
    withBroker(configuration, async (nats, folder) => {
      const launch = storing(to(nats.address, folder), folder, '--durability', 'replicated')
      await withServer(launch, async (server) => {
        await echoes(server, 'hello')
        assert.doesNotMatch(shown(server), new RegExp(SECRET))
        const listed = await runToEnd(tined('ps', String(server.pid)))
        assert.match(listed.stdout, /forwarder/)
        assert.doesNotMatch(listed.stdout + listed.stderr, new RegExp(SECRET))
      })
      assert.deepEqual(
        (await streamed(nats.address, 'messages', who(folder))).map(({ text }) => text),
        ['hello'],
      )
    }),
  )

interface Refusal {
  readonly what: string
  readonly configuration: (folder: string) => string
  readonly to: (server: string, folder: string) => string
  readonly said: RegExp
}

const refusals: Refusal[] = [
  {
    what: 'a wrong password',
    configuration: () => USER,
    to: (server) => `nats://me:${SECRET}x@${server}/messages`,
    said: /fatal: nats:\/\/127\.0\.0\.1:\d+: Authorization Violation$/,
  },
  {
    what: 'a wrong token in a file',
    configuration: () => TOKEN,
    to: (server, folder) => `nats://${server}/messages?login=${inFile(folder, `${SECRET}x`)}`,
    said: /fatal: nats:\/\/127\.0\.0\.1:\d+: Authorization Violation$/,
  },
  {
    what: 'an empty file',
    configuration: () => USER,
    to: (server, folder) => `nats://${server}/messages?login=${inFile(folder, '')}`,
    said: /fatal: nats:\/\/127\.0\.0\.1:\d+: \/\S+\/secret: expected USER:PASSWORD or a token, got nothing$/,
  },
  {
    what: 'a file that is not there',
    configuration: () => USER,
    to: (server, folder) => `nats://${server}/messages?login=${folder}/none`,
    said: /fatal: nats:\/\/127\.0\.0\.1:\d+: ENOENT: no such file or directory, open '\/\S+\/none'$/,
  },
  {
    what: "another authority's certificate",
    configuration: (folder) => encrypting(folder, 'ca'),
    to: (server, folder) => `tls://${server}/messages?ca=${makeAuthority(folder, 'other')}`,
    said: /fatal: tls:\/\/127\.0\.0\.1:\d+: unable to verify the first certificate/,
  },
  {
    what: 'a certificate for another address',
    configuration: (folder) => encrypting(folder, 'ca', 'IP:127.0.0.2'),
    to: (server, folder) => `tls://${server}/messages?ca=${folder}/ca.pem`,
    said: /fatal: tls:\/\/127\.0\.0\.1:\d+: Hostname\/IP does not match certificate's altnames: IP: 127\.0\.0\.1 is not in/,
  },
  {
    what: 'no certificate where one is wanted',
    configuration: (folder) => encrypting(folder, 'ca').replace('{', `{ verify: true, ca_file: "${folder}/ca.pem", `),
    to: (server, folder) => `tls://${server}/messages?ca=${folder}/ca.pem`,
    said: /fatal: tls:\/\/127\.0\.0\.1:\d+: .*alert bad certificate/,
  },
]

for (const { what, configuration, to, said } of refusals)
  test(`${what} keeps the server from starting, in one line`, options, () =>
    withBroker(configuration, async (nats, folder) => {
      const { code, stderr } = await runToEnd(storing(to(nats.address, folder), folder))
      const fatal = stderr.trimEnd().split('\n').at(-1) ?? ''
      assert.match(fatal, said)
      assert.equal(code, 111)
      assert.doesNotMatch(stderr, new RegExp(SECRET))
    }),
  )

test('a password on the command line is refused, and not repeated', async () => {
  const { code, stderr } = await runToEnd(tined('store', '--to', `nats://me:${SECRET}@h/messages`))
  assert.equal(
    stderr,
    'tined: fatal: --to: whoever runs ps sees a password there: put it into a file, ?login=FILE, or all of it into TINED_TO\n',
  )
  assert.equal(code, 100)
})

const changes: { what: string; tls: boolean; said: RegExp }[] = [
  { what: 'the password is another', tls: false, said: /Authorization Violation/ },
  { what: "the certificate is another authority's", tls: true, said: /unable to verify the first certificate/ },
]

for (const { what, tls, said } of changes)
  test(`while ${what} messages wait in the spool, and reach the stream once it is right again`, options, () => {
    const right = (folder: string): string => (tls ? encrypting(folder, 'ca') + USER : USER)
    return withBroker(right, async (nats, folder, configure) => {
      const login = inFile(folder, `me:${SECRET}\n`)
      const to = `${tls ? 'tls' : 'nats'}://${nats.address}/messages?login=${login}${tls ? `&ca=${folder}/ca.pem` : ''}`
      await withServer(storing(to, folder), async (server) => {
        await echoes(server, 'before')
        await configure(tls ? encrypting(folder, 'other') + USER : USER.replace(SECRET, 'changed'))
        await echoes(server, 'while')
        await server.logged(
          'why nothing is forwarded',
          ({ msg }) =>
            msg.startsWith('nothing is forwarded, and messages wait in the spool: 127.0.0.1:') && said.test(msg),
        )
        // what is in files is read with each attempt
        if (tls) writeFileSync(join(folder, 'ca.pem'), readFileSync(join(folder, 'other.pem')))
        else writeFileSync(login, 'me:changed\n')
        await server.logged('that it is again', ({ msg }) => msg === 'forwarding again', 15_000)
        assert.doesNotMatch(shown(server), new RegExp(`${SECRET}|changed`))
      })
      const who = { user: 'me', pass: tls ? SECRET : 'changed' }
      const encrypted = { tls: { caFile: `${folder}/ca.pem`, host: '127.0.0.1' } as object }
      const found = async () =>
        (await streamed(nats.address, 'messages', { ...who, ...(tls && encrypted) })).map(({ text }) => text)
      assert.deepEqual(await until('both', async () => ((await found()).length === 2 ? found() : undefined)), [
        'before',
        'while',
      ])
    })
  })
