/** `connect()`: the library's client, against plain servers in this process. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Connection, connect, type PosixError, type Target } from '../../src/index.js'
import { close } from '../../src/libc/fd.js'
import { accept4 } from '../../src/libc/socket.js'
import { hasIPv6, type Listening, listening, unanswering } from '../harness/listening.js'
import { descriptorsOf } from '../harness/proc.js'
import { until } from '../harness/until.js'

const MB = 1024 * 1024
const socketPath = (name: string): string => join(tmpdir(), `tined-${process.pid}-${name}.sock`)

async function withEcho(
  test: (server: Listening) => Promise<void>,
  where?: Parameters<typeof listening>[1],
): Promise<void> {
  const server = await listening((socket) => void socket.pipe(socket), where)
  try {
    await test(server)
  } finally {
    server.close()
  }
}

async function all(connection: Connection): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of connection) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function exchange(target: Target): Promise<void> {
  const connection = await connect(target)
  assert.equal(connection.write('hello'), true)
  connection.end()
  assert.equal((await all(connection)).toString(), 'hello')
  assert.equal(connection.closed, true)
  assert.deepEqual([connection.bytesWritten, connection.bytesRead], [5, 5])
}

test('a connection takes and gives bytes, and is closed when both sides have ended', async () => {
  await withEcho(async ({ address, port }) => {
    await exchange(address)
    await exchange({ port })
    await exchange({ host: '127.0.0.1', port })
  })
})

test('it knows its peer', async () => {
  await withEcho(async ({ address, port }) => {
    const connection = await connect(address)
    assert.deepEqual(connection.peer, { family: 'IPv4', address: '127.0.0.1', port })
    assert.equal(connection.peerName, address)
    connection.destroy()
  })
})

test('a unix socket', async () => {
  const path = socketPath('echo')
  await withEcho(
    async () => {
      await exchange({ path })
      await exchange(`unix:${path}`)
    },
    { path },
  )
})

const skip = hasIPv6 ? false : 'this machine has no IPv6'

test('IPv6', { skip }, async () => {
  await withEcho(({ address }) => exchange(address), { host: '::1', port: 0 })
})

test('a name whose first address refuses is tried at the next', { skip }, async () => {
  // localhost is ::1 and 127.0.0.1 on most machines, in either order; one of the two refuses
  await withEcho(({ port }) => exchange(`localhost:${port}`), { host: '127.0.0.1', port: 0 })
})

test('the server may end first, and be written to all the same', async () => {
  const got: Buffer[] = []
  const server = await listening((socket) => {
    socket.end('bye')
    socket.on('data', (chunk) => got.push(chunk))
  })
  const connection = await connect(server.address)
  assert.equal((await all(connection)).toString(), 'bye')
  assert.equal(connection.closed, false)
  await connection.write('still here')
  connection.end()
  assert.equal(connection.closed, true)
  await until('the server has it', () => Buffer.concat(got).toString() === 'still here')
  server.close()
})

test('16 MB go both ways, and need not be awaited before they are read', async () => {
  await withEcho(async ({ address }) => {
    const bytes = randomBytes(16 * MB)
    const connection = await connect(address)
    connection.write(bytes)
    connection.end()
    const digest = createHash('sha1')
    for await (const chunk of connection) digest.update(chunk)
    assert.equal(digest.digest('hex'), createHash('sha1').update(bytes).digest('hex'))
  })
})

const failing = async (work: Promise<unknown>): Promise<PosixError> => {
  try {
    await work
  } catch (error) {
    return error as PosixError
  }
  throw new Error('it succeeded')
}

test('a refusal is a PosixError with the address', async () => {
  const address = '127.0.0.1:1'
  const error = await failing(connect(address))
  const { name, code, syscall, errno } = error
  assert.deepEqual(
    { name, code, syscall, errno },
    { name: 'PosixError', code: 'ECONNREFUSED', syscall: 'connect', errno: -111 },
  )
  assert.equal(error.address, address)
  assert.match(error.message, /^ECONNREFUSED: connection refused, connect 127\.0\.0\.1:1$/)
})

test('a unix socket that is not there is ENOENT', async () => {
  const path = socketPath('gone')
  assert.equal((await failing(connect({ path }))).code, 'ENOENT')
})

test('a name that does not exist is EAI_NONAME, or EAI_AGAIN without a name server', async () => {
  const error = await failing(connect('no-such-host.invalid:9190'))
  assert.equal(error.name, 'PosixError')
  assert.match(error.code, /^EAI_(NONAME|NODATA|AGAIN)$/)
  assert.deepEqual([error.syscall, error.address], ['getaddrinfo', 'no-such-host.invalid'])
})

test('a server that never answers is ETIMEDOUT after timeoutMs', async () => {
  const server = unanswering({ family: 'IPv4', address: '127.0.0.1', port: 0 })
  const started = performance.now()
  const error = await failing(connect(server.address, { timeoutMs: 100 }))
  assert.deepEqual([error.code, error.address], ['ETIMEDOUT', server.address])
  assert.ok(performance.now() - started >= 99)
  server.close()
})

test('a unix listener with a full queue is asked again until it has room', async () => {
  const path = socketPath('full')
  const server = unanswering({ family: 'unix', path })
  const connecting = connect({ path })
  const timedOut = await failing(connect({ path }, { timeoutMs: 20 }))
  assert.equal(timedOut.code, 'ETIMEDOUT')
  close(accept4(server.fd, 0) as number)
  const connection = await connecting
  connection.destroy()
  server.close()
  rmSync(path)
})

test('aborting gives up connecting with the signal’s reason', async () => {
  const server = unanswering({ family: 'IPv4', address: '127.0.0.1', port: 0 })
  const controller = new AbortController()
  const connecting = failing(connect(server.address, { signal: controller.signal }))
  const reason = new Error('changed my mind')
  controller.abort(reason)
  assert.equal(await connecting, reason)
  assert.equal(await failing(connect(server.address, { signal: AbortSignal.abort(reason) })), reason)
  server.close()
})

test('a reset is thrown by who reads', async () => {
  const server = await listening((socket) => {
    socket.once('data', () => socket.resetAndDestroy())
  })
  const connection = await connect(server.address)
  connection.write('please')
  const error = await failing(connection.read())
  assert.equal(error.code, 'ECONNRESET')
  assert.equal(connection.lost, error)
  assert.equal(connection.signal.aborted, true)
  server.close()
})

test('silence longer than idleTimeoutMs ends the connection', async () => {
  const server = await listening(() => {})
  const connection = await connect(server.address, { idleTimeoutMs: 50 })
  const error = await failing(connection.read())
  assert.equal(error.name, 'ConnectionTimeout')
  server.close()
})

test('options and targets are checked', async () => {
  const misuse: [Promise<unknown>, typeof Error, RegExp][] = [
    [connect('nowhere'), TypeError, /^address: expected HOST:PORT/],
    [
      connect('127.0.0.1:1', { timeout: 5 } as object),
      TypeError,
      /^timeout: no such option; expected one of timeoutMs/,
    ],
    [connect('127.0.0.1:1', { timeoutMs: -1 }), RangeError, /^timeoutMs: expected 0 to/],
    [connect('127.0.0.1:1', { timeoutMs: '5' as unknown as number }), TypeError, /^timeoutMs: expected milliseconds/],
    [connect('127.0.0.1:1', { signal: {} as AbortSignal }), TypeError, /^signal: expected an AbortSignal/],
    [connect('127.0.0.1:1', 5 as unknown as object), TypeError, /^options: expected an object/],
  ]
  for (const [work, kind, message] of misuse) {
    const error = await failing(work)
    assert.ok(error instanceof kind, String(error))
    assert.match(error.message, message)
  }
})

test('no descriptor is left, whether it went well, failed, timed out or was aborted', async () => {
  const server = unanswering({ family: 'IPv4', address: '127.0.0.1', port: 0 })
  await withEcho(async ({ address }) => {
    await exchange(address)
    const before = descriptorsOf(process.pid).length
    for (let round = 0; round < 5; round++) {
      await exchange(address)
      await failing(connect('127.0.0.1:1'))
      await failing(connect(server.address, { timeoutMs: 5 }))
      await failing(connect(server.address, { signal: AbortSignal.timeout(5) }))
      const broken = await connect(address)
      broken.destroy()
    }
    await until('the server has closed its side', () => descriptorsOf(process.pid).length === before)
  })
  server.close()
})
