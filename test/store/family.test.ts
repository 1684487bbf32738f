/** What the supervisor tells the writer of its processes: found by pid, and never another's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { close } from '../../src/libc/fd.js'
import { PrivateMemory } from '../../src/libc/private-memory.js'
import { FAMILY_BYTES, FamilyBook, FamilyReader } from '../../src/store/family.js'
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
  assert.deepEqual(reader.who(70), { connection: 1, peer: '127.0.0.1:1' }, 'its last lines may be on the way')
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
