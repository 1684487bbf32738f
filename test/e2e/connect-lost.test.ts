/** `tined connect` when there is no server, or the server or one of the two processes goes away. */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { listening, unanswering } from '../harness/listening.js'
import { isAlive } from '../harness/proc.js'
import { tined } from '../harness/program.js'
import { say, withTalk } from '../harness/talk.js'
import { until } from '../harness/until.js'

/** Nobody listens there: tcpmux, which no machine has had for decades. */
const VACANT = '127.0.0.1:1'

test('no connection is status 111 and one clear word', async () => {
  const hanging = unanswering({ family: 'IPv4', address: '127.0.0.1', port: 0 })
  const cases: [string[], RegExp][] = [
    [[VACANT], /^tined: fatal: 127\.0\.0\.1:1: connection refused: nobody listens there\n$/],
    [['unix:/nowhere.sock'], /^tined: fatal: unix:\/nowhere\.sock: no such socket\n$/],
    [['no-such-host.invalid:1'], /^tined: fatal: no-such-host\.invalid:1: name not found.*\n$/],
    [['--timeout', '100ms', hanging.address], /^tined: fatal: 127\.0\.0\.1:\d+: timed out: nobody answers\n$/],
  ]
  for (const [args, words] of cases) {
    const { code, stdout, stderr } = await say('', ...args)
    assert.match(stderr, words)
    assert.deepEqual({ code, stdout }, { code: 111, stdout: '' })
  }
  hanging.close()
})

test('a reset is status 1, and what had come is written', async () => {
  const server = await listening((socket) => {
    socket.write('almost')
    socket.once('data', () => socket.resetAndDestroy())
  })
  await withTalk(tined('connect', server.address), async (talk) => {
    await talk.printed('almost')
    talk.type('x')
    assert.deepEqual(await talk.finished(), { code: 1, signal: null })
    assert.equal(talk.stderr, `tined: fatal: ${server.address}: reset by the server\n`)
  })
  server.close()
})

test('a server that never reads holds up the writer only; when it goes, the client does', async () => {
  const server = await listening((socket) => {
    socket.pause()
    socket.write('I only talk')
  })
  await withTalk(tined('connect', server.address), async (talk) => {
    talk.type(Buffer.alloc(16 * 1024 * 1024)).endInput()
    await talk.printed('I only talk')
    server.sockets[0]?.write(' and talk')
    await talk.printed('I only talk and talk')
    server.sockets[0]?.destroy()
    assert.equal((await talk.finished()).code, 1)
    assert.match(talk.stderr, /^tined: fatal: .* (reset by the server|the server stopped reading before .*)\n$/)
  })
  server.close()
})

test('nobody reads standard output: the client ends quietly, as in `| head`', async () => {
  const server = await listening((socket) => {
    const more = (): void => {
      while (!socket.destroyed && socket.write('y\n'.repeat(1000)));
      socket.once('drain', more)
    }
    more()
  })
  await withTalk(tined('connect', server.address), async (talk) => {
    await talk.printed('y')
    talk.child.stdout?.destroy()
    assert.deepEqual(await talk.finished(), { code: 0, signal: null })
    assert.equal(talk.stderr, '')
  })
  server.close()
})

test('an input that cannot be read, an output that cannot be written: 111', async () => {
  const server = await listening((socket) => void socket.end('x'))
  const cases: [string, RegExp][] = [
    ['exec "$@" < /', /^tined: fatal: standard input: EISDIR/],
    ['exec "$@" > /dev/full', /^tined: fatal: standard output: ENOSPC/],
  ]
  for (const [shell, words] of cases)
    await withTalk({ ...tined('connect', server.address), under: ['sh', '-c', shell, 'sh'] }, async (talk) => {
      talk.endInput()
      assert.equal((await talk.finished()).code, 111)
      assert.match(talk.stderr, words)
    })
  server.close()
})

test('when the writing process is killed, the reading one ends; and the other way round', async () => {
  const server = await listening((socket) => void socket.pipe(socket))
  await withTalk(tined('connect', server.address), async (talk) => {
    process.kill(await talk.writer(), 'SIGKILL')
    assert.deepEqual(await talk.finished(), { code: 1, signal: null })
    assert.match(talk.stderr, /the writing process was killed by SIGKILL/)
  })
  await withTalk(tined('connect', server.address), async (talk) => {
    talk.type('up?')
    await talk.printed('up?')
    const writer = await talk.writer()
    process.kill(talk.pid, 'SIGKILL')
    await talk.exited
    await until('the writer is gone', () => !isAlive(writer))
  })
  server.close()
})

test('--reconnect waits for a server that comes late', async () => {
  const path = join(tmpdir(), `tined-late-${process.pid}.sock`)
  await withTalk(tined('connect', '--reconnect', '--attempts', '8', `unix:${path}`), async (talk) => {
    talk.type('hello').endInput()
    await talk.complained('no such socket')
    await talk.complained('trying again in 200 ms (2 of 8)')
    const server = await listening((socket) => void socket.pipe(socket), { path })
    assert.deepEqual(await talk.finished(), { code: 0, signal: null })
    assert.equal(talk.stdout, 'hello')
    server.close()
  })
})

test('--reconnect gives up after as many attempts in a row, each later than the one before', async () => {
  const { code, stderr } = await say('', '--attempts', '2', '--reconnect', VACANT)
  assert.equal(code, 111)
  const refused = `${VACANT}: connection refused: nobody listens there\n`
  assert.equal(
    stderr,
    `tined: ${refused}tined: ${VACANT}: trying again in 100 ms (1 of 2)\n` +
      `tined: ${refused}tined: ${VACANT}: trying again in 200 ms (2 of 2)\ntined: fatal: ${refused}`,
  )
})

test('--reconnect goes on with the next line at the next connection, until the input has ended', async () => {
  const heard: string[] = []
  const server = await listening((socket) => {
    socket.on('data', (chunk) => {
      heard.push(`${server.sockets.length} ${chunk}`)
      if (server.sockets.length === 1) socket.end('once\n')
      else socket.write(chunk)
    })
    socket.on('end', () => socket.end())
  })
  await withTalk(tined('connect', '--reconnect', server.address), async (talk) => {
    talk.type('first\n')
    await talk.complained('closed by the server')
    await until('it is back', () => server.sockets.length === 2)
    talk.type('second\n')
    await talk.printed('second\n')
    talk.endInput()
    assert.deepEqual(await talk.finished(), { code: 0, signal: null })
    assert.equal(talk.stdout, 'once\nsecond\n')
    assert.deepEqual(heard, ['1 first\n', '2 second\n'])
  })
  server.close()
})

test('--reconnect does not come back for an input that was sent to its end, though the server ended first', async () => {
  const server = await listening((socket) => {
    socket.once('data', () => socket.end('answer'))
  })
  const { stdout, code } = await say('request', '--reconnect', server.address)
  assert.deepEqual({ stdout, code, connections: server.sockets.length }, { stdout: 'answer', code: 0, connections: 1 })
  server.close()
})

test('--reconnect gives up on a server that closes each time without a word', async () => {
  const server = await listening((socket) => void socket.end())
  await withTalk(tined('connect', '--reconnect', '--attempts', '1', server.address), async (talk) => {
    assert.deepEqual(await talk.finished(), { code: 1, signal: null })
    assert.match(talk.stderr, /trying again in 100 ms \(1 of 1\)\ntined: fatal: .* closed by the server\n$/)
    assert.equal(server.sockets.length, 2)
  })
  server.close()
})
