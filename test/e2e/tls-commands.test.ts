/** TLS on the command line: `tined echo|store --tls-key --tls-cert`, `tined connect --tls`. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { certificate, privateKey } from '../features/fixtures/certificate.js'
import { type Launch, runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { say } from '../harness/talk.js'

const MODELS = ['fork', 'prefork', 'multiplex', 'single'] as const
const WELL = { code: 0, signal: null }

async function withFiles(run: (key: string, cert: string, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tined-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  writeFileSync(key, privateKey)
  writeFileSync(cert, certificate)
  await run(key, cert, folder).finally(() => rmSync(folder, { recursive: true }))
}

const serving = (command: string, model: string, key: string, cert: string, ...more: string[]): Launch =>
  tined(
    ...[command, '--listen', '127.0.0.1:0', '--model', model, '--tls-key', key, '--tls-cert', cert],
    ...['--log-level', 'warn', ...more],
  )

for (const model of MODELS)
  test(`model ${model}: echo and store speak TLS, and connect --tls with them`, () =>
    withFiles(async (key, cert, folder) => {
      const long = `${'x'.repeat(300_000)}\n`
      await withServer(serving('echo', model, key, cert), async (server) => {
        assert.deepEqual(await say(long, server.address, '--tls', '--tls-ca', cert), {
          stdout: long,
          stderr: '',
          ...WELL,
        })
        const refused = await say('x', server.address, '--tls')
        assert.equal(refused.code, 111)
        assert.match(refused.stderr, /^tined: fatal: 127\.0\.0\.1:\d+: .*self-signed certificate/)
        assert.equal((await say('x', server.address, '--tls', '--insecure')).stdout, 'x')
      })
      const file = join(folder, 'messages.txt')
      await withServer(serving('store', model, key, cert, '--to', `text:${file}`), async (server) => {
        const lines = [...Array(200).keys()].map((number) => `line ${number}\n`).join('')
        assert.deepEqual(await say(lines, server.address, '--tls', '--tls-ca', cert), {
          stdout: lines,
          stderr: '',
          ...WELL,
        })
        assert.equal(readFileSync(file, 'utf8'), lines)
      })
    }))

test('a key without its certificate, and files that are none, are named by their flags', () =>
  withFiles(async (key, cert, folder) => {
    const says = async (...flags: string[]): Promise<string> => {
      const ended = await runToEnd(tined('echo', '--listen', '127.0.0.1:0', ...flags))
      assert.equal(ended.code, 100, ended.stderr)
      return ended.stderr
    }
    assert.match(await says('--tls-key', key), /--tls-cert: expected the file of a certificate, got nothing/)
    assert.match(await says('--tls-key', join(folder, 'none'), '--tls-cert', cert), /--tls-key: ENOENT/)
    assert.match(await says('--tls-key', cert, '--tls-cert', cert), /--tls-key, --tls-cert: /)
  }))

test('--insecure and --tls-ca are refused without --tls', async () => {
  const { code, stderr } = await say('', '127.0.0.1:1', '--insecure')
  assert.deepEqual([code, stderr], [100, 'tined: fatal: --insecure: only with --tls\n'])
})
