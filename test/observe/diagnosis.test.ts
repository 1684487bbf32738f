/** Where the kernel and the scoreboard disagree on a connection's bytes, and where they only seem to. */
import assert from 'node:assert/strict'
import { readlinkSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { diagnoseTcp, type TcpDiagnosis } from '../../src/libc/sock-diag.js'
import { bytesThatDiffer, diagnose } from '../../src/observe/diagnosis.js'
import { descriptorNumbersOf, targetOf } from '../../src/observe/read.js'
import { inodeOf } from '../../src/observe/sockets.js'
import { process as shown, view } from './findings.js'

/** This process stands for one that serves: its end of a connection that really is. */
const server = net.createServer()
let client: net.Socket
let ours: { descriptor: number; found: TcpDiagnosis }

before(async () => {
  const accepted = new Promise<net.Socket>((resolve) => server.once('connection', resolve))
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 7 }, resolve))
  const { port } = server.address() as AddressInfo
  client = net.connect(port, '127.0.0.1')
  const socket = await accepted
  client.write('hello')
  await new Promise((resolve) => socket.once('data', resolve))
  socket.write('good day')
  await new Promise((resolve) => client.once('data', resolve))
  const found = diagnoseTcp('IPv4', port).find(({ isListening }) => !isListening) ?? assert.fail('the kernel has it')
  const descriptor = descriptorNumbersOf(process.pid, new Set()).find(
    (fd) => inodeOf(targetOf(process.pid, fd, new Set())) === found.inode,
  )
  ours = { descriptor: descriptor ?? -1, found }
})
after(() => {
  client.destroy()
  server.close()
})

type Role = Parameters<typeof shown>[1]

const findings = (
  bytesRead: number,
  bytesWritten: number,
  more: Parameters<typeof view>[1] = {},
  role: Role = 'connection',
): string[] => {
  const { descriptor, found } = ours
  const connection = { descriptor, bytesRead, bytesWritten, client: '127.0.0.1:5000' }
  // of a worker the sums of all that it has served say nothing of those it serves now
  const serves = [{ ...connection, id: 1, startedMs: 0, messages: 1 }]
  const sums = { bytesRead: 1000, bytesWritten: 1000, client: undefined, descriptor: undefined, serves }
  const serving = shown(process.pid, role, role === 'connection' ? connection : sums)
  const diagnosis = { queue: { waiting: 0, limit: 7 }, byInode: new Map([[found.inode, found]]) }
  return bytesThatDiffer(view([serving], more), diagnosis).map(({ kind }) => kind)
}

test('what was read and written is what the kernel has seen; a beginning and an end are no bytes', () => {
  assert.deepEqual(findings(5, 8), [])
  assert.deepEqual(findings(4, 7), [])
})

test('more or less of either is said, but not where the kernel sees what is encrypted', () => {
  assert.deepEqual(findings(50, 8), ['bytes-differ'])
  assert.deepEqual(findings(5, 0), ['bytes-differ'])
  assert.deepEqual(findings(5, 0, { countsOtherBytes: true }), [])
})

test('of connections in workers, too', () => {
  for (const role of ['prefork', 'worker'] as const)
    assert.deepEqual([findings(5, 8, {}, role), findings(50, 8, {}, role)], [[], ['bytes-differ']], role)
})

test('the queue of a server, and how many it takes; none where it is in another network or on no port', () => {
  const { port } = server.address() as AddressInfo
  const listening = [`127.0.0.1:${port}`]
  assert.deepEqual(diagnose(view([], { supervisor: process.pid, listening }))?.queue, { waiting: 0, limit: 7 })
  assert.equal(diagnose(view([], { supervisor: process.pid, listening: ['unix:/run/x.sock'] })), undefined)
  assert.equal(diagnose(view([], { supervisor: 4_194_305, listening })), undefined)
  assert.match(readlinkSync('/proc/self/ns/net'), /^net:/)
})
