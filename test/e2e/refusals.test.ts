/** What cannot start says why in one clear line: status 100 for misuse, 111 when the system refuses. */
import assert from 'node:assert/strict'
import net from 'node:net'
import { test } from 'node:test'
import { fixture, runToEnd, tined } from '../harness/program.js'

const misuses: Record<string, string[]> = {
  '--listen: a host that is not numeric': ['--listen', 'example.org:80'],
  '--listen: a port out of range': ['--listen', '127.0.0.1:65536'],
  '--listen: an IPv6 address with a zone': ['--listen', '[fe80::1%eth0]:9190'],
  '--model: a model that is none': ['--model', 'threads'],
  '--max-connections: zero': ['--max-connections', '0'],
  '--max-connections: not a number': ['--max-connections', 'many'],
  '--idle-timeout: not a time': ['--idle-timeout', 'soon'],
  '--log-level: not a level': ['--log-level', 'chatty'],
  'an option that does not exist': ['--no-such-option'],
  'an option without its value': ['--listen'],
}

for (const [what, flags] of Object.entries(misuses))
  test(`the tined command refuses ${what}`, async () => {
    const { code, stdout, stderr } = await runToEnd(tined('echo', ...flags))
    assert.equal(code, 100)
    assert.equal(stdout, '')
    assert.match(stderr, /^tined: fatal: [^\n]+\n$/)
    assert.match(stderr, new RegExp(flags[0] as string))
  })

test('the tined command refuses a wrong variable by its name, and a misspelt one', async () => {
  const wrong = {
    TINED_IDLE_TIMEOUT: ['30x', 'expected a time like 500ms, 30s or 5m, from 0 to 24h, got "30x"'],
    TINED_LISTN: ['80', 'no such variable; did you mean TINED_LISTEN?'],
  }
  for (const [name, [value, said]] of Object.entries(wrong)) {
    const { code, stderr } = await runToEnd({ ...tined('echo'), env: { [name]: value } })
    assert.equal(stderr, `tined: fatal: ${name}: ${said}\n`)
    assert.equal(code, 100)
  }
})

test('the tined command refuses a command that does not exist', async () => {
  const { code, stderr } = await runToEnd(tined('ecko'))
  assert.equal(code, 100)
  assert.match(stderr, /^tined: fatal: unknown command 'ecko'/)
})

for (const model of ['fork', 'single'])
  test(`a port that is taken is one clear line and status 111 (model ${model})`, async () => {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as net.AddressInfo
    const { code, stdout, stderr } = await runToEnd(tined('echo', '--model', model, '--listen', `127.0.0.1:${port}`))
    taken.close()
    assert.equal(code, 111)
    assert.equal(stdout, '')
    assert.ok(
      stderr.startsWith(
        `tined: fatal: EADDRINUSE: address already in use, bind 127.0.0.1:${port}: process ${process.pid} (`,
      ),
      stderr,
    )
    assert.match(stderr, /\) has it; stop it, or give --listen another port, or 0 for any that is free\n$/)
  })

for (const model of ['fork', 'single'])
  test(`a port file that cannot be written is refused, and no server stays behind (model ${model})`, async () => {
    const flags = ['--model', model, '--listen', '127.0.0.1:0', '--port-file', '/nonexistent/port']
    const { code, stderr } = await runToEnd(tined('echo', ...flags))
    assert.equal(code, 111)
    assert.match(stderr, /tined: fatal: --port-file: ENOENT: no such file or directory, open '\/nonexistent\/port/)
  })

test('serve() that cannot announce its port rejects, and has stopped what it started', async () => {
  const { code, stdout, stderr } = await runToEnd(fixture('plain-unannounced.js'))
  assert.equal(stdout, 'ENOENT 0\n', stderr)
  assert.equal(code, 0)
})

test('an address that is not ours is one clear line and status 111', async () => {
  const { code, stderr } = await runToEnd(tined('echo', '--listen', '192.0.2.1:9190'))
  assert.equal(code, 111)
  assert.match(stderr, /^tined: fatal: EADDRNOTAVAIL: address not available, bind 192\.0\.2\.1:9190\n$/)
})
