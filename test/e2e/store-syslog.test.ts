/** `tined store --syslog` and those who send to it: logger(1) of util-linux, and rsyslog over TCP and over TLS. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import tls from 'node:tls'
import { installed } from '../../bench/lib/installed.js'
import type { MessageRecord } from '../../src/store/file/record.js'
import { certificate, privateKey } from '../features/fixtures/certificate.js'
import { clientAuthority, clientCertificate, clientKey } from '../fixtures/certificates.js'
import { Client, converse, target } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { linesOf, recordsOf, withStore } from '../harness/store.js'
import { until } from '../harness/until.js'

const rsyslogd = installed('rsyslogd')
const speaksTls = readdirSync('/usr/lib').some((name) => existsSync(`/usr/lib/${name}/rsyslog/lmnsd_gtls.so`))

const portOf = (address: string): string => address.split(':').at(-1) as string

/** Once there are so many. */
async function records(file: string, count: number): Promise<MessageRecord[]> {
  await until(`${count} records`, () => linesOf(file).length >= count, 15_000)
  return recordsOf(file)
}

interface Syslog {
  readonly msg?: string
  readonly [name: string]: unknown
}

const syslogOf = ({ fields }: MessageRecord): Syslog => fields?.['syslog'] as Syslog

test('logger(1): counted or by lines, RFC 5424 or older, and what is no syslog', {
  skip: installed('logger') === undefined ? 'logger(1) is not installed (apt-get install bsdutils)' : false,
}, async () => {
  await withStore({ args: ['--syslog'] }, async ({ server, file }) => {
    const log = (...args: string[]): void => {
      const to = ['--tcp', '--server', '127.0.0.1', '--port', portOf(server.address)]
      const { status, stderr } = spawnSync('logger', [...to, '--tag', 'app', '--id=42', ...args], { encoding: 'utf8' })
      assert.equal(status, 0, stderr)
    }
    const more = ['--priority', 'local0.warn', '--msgid', 'ID7', '--sd-id', 'a@1', '--sd-param', 'b="c d"']
    log('--octet-count', '--rfc5424', ...more, 'counted')
    await records(file, 1)
    log('--rfc5424', ...more, 'a line')
    await records(file, 2)
    log('--octet-count', '--rfc3164', 'of old')
    const [counted, line, old] = await records(file, 3)
    assert.ok(counted && line && old)
    for (const [record, msg] of [
      [counted, 'counted'],
      [line, 'a line'],
    ] as const) {
      const { timestamp, structuredData, ...said } = syslogOf(record)
      assert.deepEqual(said, {
        ...{
          facility: 'local0',
          severity: 'warning',
          hostname: hostname(),
          appName: 'app',
          procId: '42',
          msgId: 'ID7',
        },
        msg,
      })
      assert.ok(Math.abs(Date.parse(String(timestamp)) - Date.parse(record.time)) < 60_000)
      assert.deepEqual((structuredData as Record<string, unknown>)['a@1'], { b: 'c d' })
      assert.match(record.message.toString(), /^<132>1 .* a line$|^<132>1 .* counted$/)
    }
    assert.match(String(old.fields?.['syslogError']), /^expected a version and a blank, got /)
    assert.match(old.message.toString(), /^<13>.* app\[42\]: of old$/)
    // answers only what is wrong, in its framing
    const error = 'error: expected the length of a message, as RFC 6587 has it, or <, got "G"'
    assert.equal(String(await converse(server.address, '5 <13>xGET /')), `${error.length} ${error}`)
    assert.equal((await records(file, 4)).length, 4)
  })
})

test('over TLS with a certificate: the client is known, its message echoed once it is stored, and the fields are joined', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'messages.ndjson')
    const tlsOptions = { key: privateKey, cert: certificate, ca: clientAuthority, requestCert: true }
    const launch = fixture('store-certified.js', { model: 'fork' }, file, JSON.stringify(tlsOptions))
    await withServer(launch, async (server) => {
      const socket = tls.connect({
        ...target(server.address),
        ...{ ca: certificate, cert: clientCertificate, key: clientKey },
      } as tls.ConnectionOptions)
      await once(socket, 'secureConnect')
      const client = new Client(socket)
      const sent = '<13>1 - - - - - - hello'
      assert.equal(await client.exchange(`${sent.length} ${sent}`), `${sent.length} ${sent}`)
      const syslog = { facility: 'user', severity: 'notice', msg: 'hello' }
      assert.deepEqual(recordsOf(file)[0]?.fields, { sender: 'alice', syslog })
      const error = 'error: not stored: fields failed'
      client.send('5 later')
      assert.equal(await client.takeText(error.length + 3), `${error.length} ${error}`)
      assert.equal(recordsOf(file).length, 1)
      client.close()
    })
  })
})

const without = 'rsyslog is not installed (apt-get install rsyslog rsyslog-gnutls)'

test('rsyslog forwards, over TCP and over TLS', {
  skip: rsyslogd === undefined || !speaksTls ? without : false,
}, async () => {
  await withFolder(async (folder) => {
    const [key, cert, config, socket] = ['key.pem', 'cert.pem', 'rsyslog.conf', 'log'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string]
    writeFileSync(key, privateKey)
    writeFileSync(cert, certificate)
    await withStore({ model: 'fork', args: ['--syslog'] }, (plain) =>
      withStore({ model: 'multiplex', args: ['--syslog', '--tls-key', key, '--tls-cert', cert] }, async (encrypted) => {
        const forward = (address: string, more = ''): string =>
          `action(type="omfwd" target="127.0.0.1" port="${portOf(address)}" protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format" ${more})`
        writeFileSync(
          config,
          [
            `global(workDirectory="${folder}" DefaultNetstreamDriverCAFile="${cert}")`,
            'module(load="imuxsock" SysSock.Use="off")',
            `input(type="imuxsock" Socket="${socket}" CreatePath="off")`,
            forward(plain.server.address),
            forward(
              encrypted.server.address,
              'StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/certvalid"',
            ),
            '',
          ].join('\n'),
        )
        const daemon = spawn(rsyslogd as string, ['-n', '-f', config, '-i', 'NONE'], {
          stdio: ['ignore', 'ignore', 'pipe'],
        })
        let said = ''
        daemon.stderr.on('data', (chunk: Buffer) => {
          said += chunk.toString()
        })
        try {
          await until(`rsyslogd listens: ${said}`, () => existsSync(socket), 10_000)
          const texts = Array.from({ length: 300 }, (_, index) => `message ${index}${'ä'.repeat(index)}`)
          const fed = spawnSync('logger', ['--socket', socket, '--tag', 'feeder', '--id=7', '-p', 'local1.err'], {
            input: `${texts.join('\n')}\n`,
          })
          assert.equal(fed.status, 0)
          for (const { file } of [plain, encrypted]) {
            const found = await records(file, texts.length)
            assert.equal(found.length, texts.length)
            for (const [index, record] of found.entries()) assert.equal(syslogOf(record).msg, ` ${texts[index]}`)
            const { facility, severity, appName, procId } = syslogOf(found[0] as MessageRecord)
            assert.deepEqual([facility, severity, appName, procId], ['local1', 'err', 'feeder', '7'])
          }
        } finally {
          daemon.kill()
          await once(daemon, 'close')
        }
      }),
    )
  })
})
