/** `nats://…`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkStoreOptions } from '../../../src/services/store-options.js'
import { parseStream } from '../../../src/store/nats/address.js'

const plain = {
  servers: ['h:4222'],
  user: undefined,
  password: undefined,
  token: undefined,
  credentials: undefined,
  stream: 's',
  subject: 's',
  id: 'record',
  replicas: 1,
}

test('servers, who one is, stream and subject', () => {
  const cases: [place: string, more: object][] = [
    ['//h/s', {}],
    ['//h:1,[::1]:2,10.0.0.3/s', { servers: ['h:1', '[::1]:2', '10.0.0.3:4222'] }],
    ['//me:a%40b@h/s', { user: 'me', password: 'a@b' }],
    ['//secret@h/s', { token: 'secret' }],
    ['//h/s?subject=a.b&replicas=3&id=word', { subject: 'a.b', replicas: 3, id: 'word' }],
    ['//h/s?credentials=/etc/x.creds', { credentials: '/etc/x.creds' }],
  ]
  for (const [place, more] of cases) assert.deepEqual(parseStream('to', place), { ...plain, ...more })
})

test('what is none is refused, without the password', () => {
  const cases: [place: string, said: string][] = [
    ['h/s', 'to: expected nats://HOST:PORT/STREAM, got "nats:h/s"'],
    ['//h', 'to: expected nats://HOST:PORT/STREAM, got "nats://h"'],
    ['//h:x/s', 'to: expected servers like 10.0.0.1:4222,10.0.0.2:4222, got "nats://h:x/s"'],
    ['//me:pw@h/', 'to: expected the name of a stream: letters, digits, - and _, got "nats://…@h/"'],
    ['//h/s?subject=a.*', 'to: expected a subject without wildcards, got "nats://h/s?subject=a.*"'],
    ['//h/s?replicas=2', 'to: expected replicas=1, 3 or 5, got "nats://h/s?replicas=2"'],
    ['//h/s?id=x', 'to: expected id=record or id=word, got "nats://h/s?id=x"'],
    ['//h/s?x=1', 'to: expected ?credentials=…, ?id=…, ?replicas=…, ?subject=…, got "nats://h/s?x=1"'],
    ['//%@h/s', 'to: expected USER:PASSWORD@ or TOKEN@, with %40 for an @, got "nats://…@h/s"'],
  ]
  for (const [place, message] of cases) assert.throws(() => parseStream('to', place), { name: 'TypeError', message })
})

test('what only a stream has is refused elsewhere', () => {
  const only = (option: string): RegExp =>
    new RegExp(`^TypeError: ${option}: only with to nats://…, which has servers and a spool$`)
  assert.throws(() => checkStoreOptions({ to: 'x', durability: 'replicated' }), only('durability'))
  assert.throws(() => checkStoreOptions({ to: 'x', spool: 'y' }), only('spool'))
  assert.equal(checkStoreOptions({ to: 'nats://h/s', durability: 'replicated' }).to.place, '//h/s')
})
