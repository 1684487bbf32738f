/** `tined connect` against servers that do as they should. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { hasIPv6, listening } from '../harness/listening.js'
import { childrenOf, descriptorsOf, titleOf } from '../harness/proc.js'
import { runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { say, withTalk } from '../harness/talk.js'
import { until } from '../harness/until.js'

const WELL = { code: 0, signal: null }

test('what is typed comes back from tined echo, and the end of input ends both sides', async () => {
  await withServer(tinedEcho(), async (server) => {
    const { stdout, stderr, ...ended } = await say('hello\nworld\n', server.address)
    assert.deepEqual({ stdout, stderr, ...ended }, { stdout: 'hello\nworld\n', stderr: '', ...WELL })
    await server.connections(0)
  })
})

test('256 MB go both ways at once through a filter, byte for byte', async () => {
  await withServer(tinedEcho(), async (server) => {
    const [input, output] = [join(server.folder, 'in'), join(server.folder, 'out')]
    execFileSync('sh', ['-c', 'head -c 268435456 /dev/urandom > "$1"', 'sh', input])
    const under = ['sh', '-c', 'in=$1 out=$2; shift 2; exec "$@" < "$in" > "$out"', 'sh', input, output]
    await withTalk({ ...tined('connect', server.address), under }, async (talk) => {
      assert.deepEqual(await talk.finished(25_000), WELL)
    })
    assert.equal(statSync(output).size, 268_435_456)
    execFileSync('cmp', [input, output])
  })
})

function tinedEcho(): ReturnType<typeof tined> {
  const launch = tined('echo', '--listen', '127.0.0.1:0', '--model', 'fork', '--log-level', 'warn')
  return launch
}

test('one process reads and one writes, and each holds no more than its own', async () => {
  const server = await listening((socket) => void socket.pipe(socket))
  await withTalk(tined('connect', server.address), async (talk) => {
    talk.type('up?')
    await talk.printed('up?')
    const writer = await talk.writer()
    assert.equal(titleOf(talk.pid), `tined: reader ${server.address}`)
    assert.equal(titleOf(writer), `tined: writer ${server.address}`)
    const held = (pid: number): string[] => descriptorsOf(pid).map(({ fd, target }) => `${fd} ${target}`)
    const socket = held(talk.pid).find((each) => each.includes('socket:') && !/^[012] /.test(each)) as string
    const stdin = held(writer).find((each) => each.startsWith('0 ')) as string
    assert.equal(held(talk.pid)[0], '0 /dev/null', 'the reader has let go of standard input')
    assert.ok(!held(talk.pid).some((each) => each.endsWith(stdin.slice(2))))
    const own = held(writer).filter((each) => !each.endsWith(' /dev/null'))
    const [error] = own.filter((each) => each.startsWith('2 '))
    assert.deepEqual(own, [stdin, error, socket], 'the writer has standard input, standard error, and the socket')
    talk.endInput()
    assert.deepEqual(await talk.finished(), WELL)
    assert.deepEqual(childrenOf(process.pid).includes(writer), false)
  })
  server.close()
})

test('a server that half-closes first is still sent everything', async () => {
  let got = ''
  const server = await listening((socket) => {
    socket.end('that is all')
    socket.on('data', (chunk) => {
      got += chunk
    })
  })
  await withTalk(tined('connect', server.address), async (talk) => {
    await talk.printed('that is all')
    talk.type('still ').type('listening?').endInput()
    assert.deepEqual(await talk.finished(), WELL)
  })
  await until('the server has it', () => got === 'still listening?')
  server.close()
})

test('a server that reads slowly gets every byte', async () => {
  let got = 0
  const server = await listening((socket) => {
    socket.on('data', (chunk) => {
      got += chunk.length
      socket.pause()
      setImmediate(() => socket.resume())
    })
    socket.on('end', () => socket.end(String(got)))
  })
  const { stdout, code } = await say(Buffer.alloc(8 * 1024 * 1024), server.address)
  assert.deepEqual({ stdout, code }, { stdout: String(8 * 1024 * 1024), code: 0 })
  server.close()
})

test('a client without input reads what the server has to say', async () => {
  const server = await listening((socket) => void socket.end('12:00\n'))
  const { stdout, code } = await say('', server.address)
  assert.deepEqual({ stdout, code }, { stdout: '12:00\n', code: 0 })
  server.close()
})

test('a unix socket', async () => {
  const path = join(tmpdir(), `tined-connect-${process.pid}.sock`)
  const server = await listening((socket) => void socket.pipe(socket), { path })
  const { stdout, code } = await say('hello', `unix:${path}`)
  assert.deepEqual({ stdout, code }, { stdout: 'hello', code: 0 })
  server.close()
})

test('IPv6', { skip: hasIPv6 ? false : 'this machine has no IPv6' }, async () => {
  const server = await listening((socket) => void socket.pipe(socket), { host: '::1', port: 0 })
  const { stdout, code } = await say('hello', server.address)
  assert.deepEqual({ stdout, code }, { stdout: 'hello', code: 0 })
  server.close()
})

test('a name, a hex dump', async () => {
  const server = await listening((socket) => void socket.pipe(socket))
  const { stdout, code } = await say('hello\n', '--hex', `localhost:${server.port}`)
  assert.equal(stdout, '00000000  68 65 6c 6c 6f 0a                                 |hello.|\n')
  assert.equal(code, 0)
  server.close()
})

test('with --lines a line is shown once it has ended', async () => {
  const server = await listening((socket) => {
    socket.write('one\ntw')
    socket.once('data', () => socket.end('o\nthree'))
  })
  await withTalk(tined('connect', '--lines', server.address), async (talk) => {
    await talk.printed('one\n')
    assert.equal(talk.stdout, 'one\n')
    talk.type('go on\n').endInput()
    assert.deepEqual(await talk.finished(), WELL)
    assert.equal(talk.stdout, 'one\ntwo\nthree')
  })
  server.close()
})

test('in the fallback way of forking it works the same', async () => {
  const server = await listening((socket) => void socket.pipe(socket))
  await withTalk({ ...tined('connect', server.address), env: { TINED_FORK_WAY: 'flags' } }, async (talk) => {
    talk.type('hello').endInput()
    assert.deepEqual(await talk.finished(), WELL)
    assert.equal(talk.stdout, 'hello')
  })
  server.close()
})

test('misuse is said in one line', async () => {
  for (const args of [
    ['nowhere'],
    ['127.0.0.1:70000'],
    ['127.0.0.1:1', '--timeout', 'x'],
    ['9190', '--hex', '--lines'],
    [],
  ]) {
    const { code, stderr } = await runToEnd(tined('connect', ...args))
    assert.equal(code, 100, stderr)
    assert.match(stderr, /^tined: fatal: .+\n$/)
  }
})
