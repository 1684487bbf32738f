/** Streams of snapshots: shared looks, few viewers, and none that is waited for. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { Access } from '../../src/page/access.js'
import { MOST_STREAMS } from '../../src/page/event-streams.js'
import { pageServer } from '../../src/page/server.js'
import { until } from '../harness/until.js'
import { serverOf, snapshotOf } from './shots.js'

interface Streaming {
  looks: () => number
  /** The server's side of them. */
  accepted: readonly net.Socket[]
  view(): Promise<net.Socket>
}

/** @param noteBytes how large a snapshot is */
async function withStreams(noteBytes: number, check: (streaming: Streaming) => Promise<void>): Promise<void> {
  let taken = 0
  const snapshot = (): ReturnType<typeof snapshotOf> => {
    taken++
    return snapshotOf([serverOf([], { notes: ['x'.repeat(noteBytes)] })], { timeMs: taken, everyMs: 5 })
  }
  const looks = { snapshot, details: () => undefined, messages: () => undefined }
  const server = pageServer({ listening: '127.0.0.1', access: new Access(undefined), files: new Map(), looks })
  const accepted: net.Socket[] = []
  server.on('connection', (socket) => accepted.push(socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const sockets: net.Socket[] = []
  const view = async (): Promise<net.Socket> => {
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
    sockets.push(socket.on('error', () => {}))
    await once(socket, 'connect')
    socket.write('GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    return socket
  }
  try {
    await check({ looks: () => taken, accepted, view })
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
    server.closeAllConnections()
  }
}

/** All that comes on it. */
function textOf(socket: net.Socket): { text: string } {
  const read = { text: '' }
  socket.on('data', (chunk: Buffer) => {
    read.text += chunk.toString('latin1')
  })
  return read
}

test('snapshots come one after another, and nobody looks when nobody is there', async () => {
  await withStreams(10, async ({ looks, view }) => {
    assert.equal(looks(), 0)
    const socket = await view()
    const read = textOf(socket)
    await until('some snapshots', () => /"timeMs":4,/.test(read.text))
    assert.match(read.text, /^retry: \d+\r?\n/m)
    assert.match(read.text, /event: snapshot\ndata: \{"version":1,/)
    socket.destroy()
    await until('it stops looking', async () => {
      const [before, from] = [looks(), performance.now()]
      await until('several intervals', () => performance.now() - from > 40)
      return looks() === before
    })
  })
})

test('one viewer too many is told so', async () => {
  await withStreams(10, async ({ view }) => {
    for (let count = 0; count < MOST_STREAMS; count++) {
      const read = textOf(await view())
      await until('its first snapshot', () => read.text.includes('event: snapshot'))
    }
    const read = textOf(await view())
    await until('a refusal', () => /^HTTP\/1\.1 503 .*16 viewers/s.test(read.text))
  })
})

test('a viewer that does not read is dropped, and nothing is kept for it', async () => {
  await withStreams(4_000_000, async ({ view, accepted }) => {
    const socket = await view()
    socket.pause()
    await until('it is dropped', () => accepted[0]?.destroyed)
  })
})
