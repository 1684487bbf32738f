/** A stream that does not let a store in, at its start and later: it is said why, nothing hangs, and messages wait. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeAuthority } from '../harness/authority.js'
import {
  echoes,
  encrypting,
  guarded,
  inFile,
  SECRET,
  shown,
  storing,
  TOKEN,
  USER,
  withBroker,
} from '../harness/guarded-nats.js'
import { streamed } from '../harness/nats.js'
import { runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

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
  test(`${what} keeps the server from starting, in one line`, guarded, () =>
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
  test(`while ${what} messages wait in the spool, and reach the stream once it is right again`, guarded, () => {
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
