/** A connection over a socket pair, in the blocking reactor, without any process. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SHUT_WR, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../../src/libc/constants.js'
import { close, read, write } from '../../../src/libc/fd.js'
import { shutdown, socketpair } from '../../../src/libc/socket.js'
import { BlockingReactor } from '../../../src/reactor/blocking-reactor.js'
import { SocketConnection } from '../../../src/server/connection/connection.js'
import type { ConnectionHandler } from '../../../src/server/connection/contract.js'
import { type ConnectionLimits, NO_LIMITS } from '../../../src/server/connection/limits.js'

interface Subject {
  connection: SocketConnection
  /** The client's descriptor. */
  client: number
  /** What the handler was called with, in order. */
  calls: string[]
  /** Lets the reactor work for a moment. */
  turns(): void
  /** Everything the client can read now. */
  received(): string
}

const scratch = Buffer.alloc(256 * 1024)

function start(handler: ConnectionHandler = {}, limits: ConnectionLimits = NO_LIMITS): Subject {
  const reactor = new BlockingReactor()
  const [client, fd] = socketpair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
  const calls: string[] = []
  const noting: ConnectionHandler = {
    open: (connection) => {
      calls.push('open')
      handler.open?.(connection)
    },
    data: (connection, chunk) => {
      calls.push(`data ${chunk}`)
      handler.data?.(connection, chunk)
    },
    drain: () => calls.push('drain'),
    error: (_connection, error) => calls.push(`error ${error.message}`),
    close: () => calls.push('close'),
    ...(handler.end === undefined ? {} : { end: handler.end }),
  }
  const peer = { family: 'IPv4', address: '192.0.2.1', port: 7 } as const
  const connection = new SocketConnection({ fd, id: 1, peer }, reactor, noting, limits)
  connection.start()
  return {
    connection,
    client,
    calls,
    turns() {
      for (let each = 0; each < 5; each++) {
        reactor.after(0, () => {})
        reactor.turn()
      }
    },
    received: () => scratch.toString('latin1', 0, read(client, scratch) ?? 0),
  }
}

test('the callbacks come in order: open, data, close', () => {
  const { client, calls, turns, connection } = start()
  write(client, Buffer.from('one'))
  turns()
  shutdown(client, SHUT_WR)
  turns()
  assert.deepEqual(calls, ['open', 'data one', 'close'])
  assert.equal(connection.closed, true)
  assert.equal(connection.bytesRead, 3)
  close(client)
})

test('it knows its peer and counts its bytes', () => {
  const { client, connection, turns } = start({ data: (each, chunk) => each.write(chunk) })
  assert.equal(connection.peerName, '192.0.2.1:7')
  write(client, Buffer.from('four'))
  turns()
  assert.deepEqual([connection.bytesRead, connection.bytesWritten], [4, 4])
  connection.destroy()
  close(client)
})

test('what the kernel does not take at once is kept, sent later, and then drain is called', async () => {
  const { client, connection, calls, turns } = start()
  const bytes = 4 * 1024 * 1024
  const written = connection.write(Buffer.alloc(bytes, 'x'))
  assert.notEqual(written, true)
  assert.ok(connection.queuedBytes > 0)
  let got = 0
  while (got < bytes) {
    got += read(client, scratch) ?? 0
    turns()
  }
  await written
  assert.equal(connection.queuedBytes, 0)
  assert.equal(calls.at(-1), 'drain')
  connection.destroy()
  close(client)
})

test('the caller may reuse its buffer after write returns', () => {
  const { client, connection, turns } = start()
  const bytes = 2 * 1024 * 1024
  const buffer = Buffer.alloc(bytes, 'a')
  connection.write(buffer)
  buffer.fill('b')
  let got = 0
  while (got < bytes) {
    const count = read(client, scratch) ?? 0
    assert.equal(scratch.subarray(0, count).includes('b'), false)
    got += count
    turns()
  }
  connection.destroy()
  close(client)
})

test('while much waits to be sent, nothing is read', () => {
  const { client, connection, calls, turns } = start({ data: () => {} })
  connection.write(Buffer.alloc(4 * 1024 * 1024))
  write(client, Buffer.from('unread'))
  turns()
  assert.deepEqual(calls, ['open'])
  connection.destroy()
  close(client)
})

test('write after end is refused as a broken pipe', () => {
  const { client, connection, received } = start()
  connection.write('last')
  connection.end()
  assert.throws(() => connection.write('too late'), { code: 'EPIPE' })
  assert.equal(received(), 'last')
  assert.equal(read(client, scratch), 0)
  connection.destroy()
  close(client)
})

test('a handler with end of its own may still write', () => {
  const { client, turns, received } = start({
    end: (connection) => {
      connection.write('goodbye')
      connection.end()
    },
  })
  shutdown(client, SHUT_WR)
  turns()
  assert.equal(received(), 'goodbye')
  assert.equal(read(client, scratch), 0)
  close(client)
})

test('end waits for what is queued', () => {
  const { client, connection, turns } = start()
  const bytes = 2 * 1024 * 1024
  connection.write(Buffer.alloc(bytes))
  connection.end()
  let got = 0
  for (let count = read(client, scratch); count !== 0; count = read(client, scratch)) {
    got += count ?? 0
    turns()
  }
  assert.equal(got, bytes)
  connection.destroy()
  close(client)
})

test('pause and resume hold the client’s bytes back', () => {
  const { client, connection, calls, turns } = start({ open: (each) => each.pause() })
  write(client, Buffer.from('early'))
  turns()
  assert.deepEqual(calls, ['open'])
  connection.resume()
  turns()
  assert.deepEqual(calls, ['open', 'data early'])
  connection.destroy()
  close(client)
})

test('a client that goes away while bytes wait for it is a close, not an error', async () => {
  const { client, connection, calls, turns } = start()
  const written = connection.write(Buffer.alloc(4 * 1024 * 1024)) as Promise<void>
  close(client)
  turns()
  assert.deepEqual(calls, ['open', 'close'])
  await assert.rejects(written, { name: 'PosixError' })
  assert.throws(() => connection.write('more'), { name: 'PosixError' })
  assert.equal(connection.signal.aborted, true)
})

test('destroy drops what is queued, calls close once, and settles who waits', async () => {
  const { client, connection, calls } = start()
  const written = connection.write(Buffer.alloc(4 * 1024 * 1024)) as Promise<void>
  const { signal } = connection
  connection.destroy()
  connection.destroy()
  await written
  assert.deepEqual(calls, ['open', 'close'])
  assert.equal(signal.aborted, true)
  close(client)
})

test('reading starts whenever it is asked for: at the end of file, and after the connection was closed', async () => {
  const ended = start({ end: () => {} })
  shutdown(ended.client, SHUT_WR)
  ended.turns()
  assert.equal(await promptly(ended.connection.read()), undefined)
  ended.connection.destroy()
  close(ended.client)
  const closed = start()
  closed.connection.destroy()
  assert.equal(await promptly(closed.connection.read()), undefined)
  close(closed.client)
  const lost = start()
  const written = lost.connection.write(Buffer.alloc(4 * 1024 * 1024)) as Promise<void>
  close(lost.client)
  lost.turns()
  await assert.rejects(written)
  await assert.rejects(promptly(lost.connection.read()), { name: 'PosixError' })
})

/** Fails when the promise is not settled in this turn of the loop. */
const promptly = <Value>(promise: Promise<Value>): Promise<Value> =>
  Promise.race([promise, new Promise<never>((_, reject) => setImmediate(reject, new Error('never settled')))])
