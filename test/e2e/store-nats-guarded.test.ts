/** A stream that not everybody may reach: logins, tokens, credentials, TLS. What is secret is nowhere to be seen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConnectionOptions, credsAuthenticator } from '@nats-io/transport-node'
import { makeCertificate } from '../harness/authority.js'
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
import { makeCredentials } from '../harness/nats-credentials.js'
import { runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

interface Way {
  readonly configuration: (folder: string) => string
  /** @param server `host:port` */
  readonly to: (server: string, folder: string) => string
  /** Who reads the stream back. */
  readonly who: (folder: string) => ConnectionOptions
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
  test(`${what}: messages reach the stream, and nothing secret is shown`, guarded, () =>
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
