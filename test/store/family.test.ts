/** What the supervisor tells the writer of its processes: found by pid, and never another's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SOCK_CLOEXEC, SOCK_SEQPACKET } from '../../src/libc/constants.js'
import { epoll_create1 } from '../../src/libc/epoll.js'
import { close } from '../../src/libc/fd.js'
import { PrivateMemory } from '../../src/libc/private-memory.js'
import { sendDescriptor } from '../../src/libc/scm-rights.js'
import { socketpair } from '../../src/libc/socket.js'
import { FAMILY_BYTES, FamilyBook, FamilyReader, type Known } from '../../src/store/family.js'
import { encodeRegistration, type Registration } from '../../src/store/wire.js'
import type { Journal } from '../../src/store/writer/journal.js'
import { OwnSocket } from '../../src/store/writer/sender-socket.js'
import { Senders } from '../../src/store/writer/senders.js'
import type { Child } from '../../src/supervisor/children.js'

const AT = 64

function connection(pid: number, id: number): Child {
  return {
    pid,
    role: 'connection',
    id,
    peer: { family: 'IPv4', address: '127.0.0.1', port: id },
    startedMs: 0,
    slot: 0,
  }
}

test('whom a process serves is known from its birth until its number or its row goes to another', () => {
  const memory = new PrivateMemory('tined test', AT + FAMILY_BYTES)
  const book = new FamilyBook(memory, AT)
  const reader = new FamilyReader(memory.map(), AT)
  assert.equal(reader.who(0), undefined)
  assert.equal(reader.who(70), undefined)
  book.born(connection(70, 1))
  book.born({ pid: 71, role: 'prefork', id: 3, peer: undefined, startedMs: 0, slot: 0 })
  book.born({ pid: 72, role: 'writer', id: 1, peer: undefined, startedMs: 0, slot: 0 })
  assert.deepEqual(reader.who(70), { connection: 1, peer: '127.0.0.1:1' })
  assert.deepEqual(reader.who(71), { worker: 3 })
  assert.equal(reader.who(72), undefined)
  book.died(70)
  const last = { connection: 1, peer: '127.0.0.1:1', dead: true }
  assert.deepEqual(reader.who(70), last, 'its last lines may be on the way')
  book.born(connection(70, 2))
  assert.deepEqual(reader.who(70), { connection: 2, peer: '127.0.0.1:2' }, 'the pid is another’s now')
  // more come and go than there are rows
  for (let id = 3; id < 10_000; id++) {
    book.born(connection(1000 + (id % 6000), id))
    assert.deepEqual(reader.who(1000 + (id % 6000)), { connection: id, peer: `127.0.0.1:${id}` })
    book.died(1000 + (id % 6000))
  }
  assert.deepEqual(reader.who(70), { connection: 2, peer: '127.0.0.1:2' }, 'who lives is never forgotten')
  assert.deepEqual(reader.who(71), { worker: 3 })
  // more at once than rows at first
  for (let id = 0; id < 6000; id++) book.born(connection(20_000 + id, id))
  for (const id of [0, 4095, 4096, 5999])
    assert.deepEqual(reader.who(20_000 + id), { connection: id, peer: `127.0.0.1:${id}` })
  assert.deepEqual(reader.who(70), { connection: 2, peer: '127.0.0.1:2' })
  close(memory.descriptor)
})

test('who comes with the pid of a dead process waits until the supervisor has told of it', () => {
  const here = process.pid
  let known: Known | undefined = { connection: 1, peer: 'of the dead', dead: true }
  const [theirs, registrations] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
  const epoll = epoll_create1()
  const senders = new Senders({
    ...{ registrations, epoll, run: 'r', untold: new Map(), maxMessageBytes: 100 },
    journal: { told: () => {} } as unknown as Journal,
    who: (pid) => (pid === here ? known : undefined),
    starved: () => {},
    dismissed: (_pid, reason) => assert.fail(reason),
  })
  /** Registers, and tells as whom the writer has taken it. */
  const register = (registration: Registration): (() => string | undefined) => {
    const [own, writers] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
    sendDescriptor(theirs, encodeRegistration(registration), writers)
    close(writers)
    return () => {
      senders.admit()
      const taken = Array.from({ length: 64 }, (_, fd) => senders.at(fd)).find((socket) => socket !== undefined)
      if (taken === undefined) return undefined
      senders.leave(taken)
      close(own)
      assert.ok(taken instanceof OwnSocket)
      return taken.sender?.peer
    }
  }
  const base = { acknowledged: 0, peer: 'as it says', shared: false }
  const appending = register({ ...base, connection: 0, wantsSequences: true, unnumbered: true })
  assert.equal(appending(), undefined)
  known = { connection: 2, peer: 'its own' }
  assert.equal(appending(), 'its own')
  const connected = register({ ...base, connection: 3, wantsSequences: false, unnumbered: false })
  assert.equal(connected(), undefined)
  known = { connection: 3, peer: 'the third' }
  assert.equal(connected(), 'the third')
  for (const fd of [theirs, registrations, epoll]) close(fd)
})
