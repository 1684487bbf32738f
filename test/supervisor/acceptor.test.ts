/** A door with a real listener in the blocking reactor: nothing is forked here. */
import assert from 'node:assert/strict'
import net from 'node:net'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { EAGAIN } from '../../src/libc/constants.js'
import { close } from '../../src/libc/fd.js'
import { PosixError } from '../../src/libc/posix-error.js'
import { BlockingReactor } from '../../src/reactor/blocking-reactor.js'
import { openListener } from '../../src/server/listen.js'
import { Acceptor } from '../../src/supervisor/acceptor.js'
import type { Log, LogLine } from '../../src/supervisor/log.js'
import { WaitingConnections } from '../../src/supervisor/waiting-connections.js'

const options = { backlog: 16, keepAliveMs: 0, keepAliveIntervalMs: 1000, keepAliveProbes: 1, noDelay: true }

function subject(t: TestContext) {
  const lines: string[] = []
  const line: LogLine = (_fields, message) => lines.push(message)
  const log: Log = { error: line, warn: line, info: line, debug: line, debugs: true }
  const reactor = new BlockingReactor()
  const listening = openListener({ family: 'IPv4', address: '127.0.0.1', port: 0 }, options)
  const waiting = new WaitingConnections([])
  const door = new Acceptor(listening, reactor, log, waiting)
  t.after(() => door.close())
  const port = listening.address.family === 'unix' ? 0 : listening.address.port
  const client = async (): Promise<net.Socket> => {
    const socket = net.connect(port, '127.0.0.1').on('error', () => {})
    t.after(() => socket.destroy())
    while (socket.connecting) await turn()
    return socket
  }
  /** Runs the reactor for so long. */
  const wait = (ms: number): void => {
    let over = false
    reactor.after(ms, () => {
      over = true
    })
    reactor.run(() => over)
  }
  return { door, client, wait, lines, waiting }
}

const refused = new PosixError(EAGAIN, 'fork')

test('a door is ready when a client waits, and gives it once', async (t) => {
  const { door, client, wait } = subject(t)
  wait(1)
  assert.equal(door.ready, false)
  const socket = await client()
  wait(1)
  assert.equal(door.ready, true)
  const accepted = door.accept()
  assert.notEqual(accepted, undefined)
  assert.deepEqual(door.peer, { family: 'IPv4', address: '127.0.0.1', port: socket.localPort })
  door.release(accepted?.fd as number)
  assert.equal(door.accept(), undefined)
  assert.equal(door.ready, false)
})

test('a client that could not be forked for is given again after a while, and the trouble is logged once', async (t) => {
  const { door, client, wait, lines, waiting } = subject(t)
  await client()
  wait(1)
  for (let attempt = 0; attempt < 3; attempt++) {
    const accepted = door.accept()
    assert.notEqual(accepted, undefined, `attempt ${attempt}`)
    assert.deepEqual(waiting.all, [])
    const fd = accepted?.fd as number
    door.putBack(fd, refused)
    assert.deepEqual(waiting.all, [[fd, fd]])
    assert.equal(door.accept(), undefined, 'it rests')
    wait(50)
    assert.equal(door.ready, true)
  }
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /^cannot fork: EAGAIN/)
  door.release(door.accept()?.fd as number)
  assert.deepEqual(lines.slice(1), [], 'whether it is over shows after a while')
  wait(1100)
  assert.deepEqual(lines.slice(1), ['accepting again'])
})

// The supervisor shuts all doors at the connection limit, and opens them when a connection process has ended.
test('a client that could not be forked for is not forgotten when the door is shut and opened meanwhile', async (t) => {
  const { door, client, wait } = subject(t)
  await client()
  wait(1)
  const fd = door.accept()?.fd as number
  door.putBack(fd, refused)
  wait(20)
  door.shut()
  door.open()
  wait(1)
  assert.equal(door.ready, true)
  assert.equal(door.accept()?.fd, fd)
  close(fd)
})

test('a door that is shut leaves clients in the kernel, and finds them when it opens', async (t) => {
  const { door, client, wait } = subject(t)
  door.shut()
  await client()
  wait(5)
  assert.equal(door.ready, false)
  door.open()
  wait(1)
  assert.equal(door.ready, true)
  door.release(door.accept()?.fd as number)
})

test('a door that is closed stays closed', async (t) => {
  const { door, client, wait } = subject(t)
  await client()
  wait(1)
  door.close()
  door.close()
  door.open()
  assert.equal(door.accept(), undefined)
})

test('a door that is shut while it rests is shut afterwards too, whoever waits', async (t) => {
  const { door, client, wait } = subject(t)
  await client()
  wait(1)
  door.putBack(door.accept()?.fd as number, refused)
  door.shut()
  await client()
  wait(50)
  assert.equal(door.ready, false, 'a listener that nobody serves would wake the supervisor for ever')
  door.open()
  assert.equal(door.ready, true)
  door.release(door.accept()?.fd as number)
  wait(1)
  assert.equal(door.ready, true, 'the second client')
  door.release(door.accept()?.fd as number)
})
