/** `nats://…`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseStream } from '../../../src/store/nats/address.js'

const plain = {
  servers: ['h:4222'],
  user: undefined,
  password: undefined,
  token: undefined,
  credentials: undefined,
  stream: 's',
  subject: 's',
  replicas: 1,
}

test('servers, who one is, stream and subject', () => {
  const cases: [place: string, more: object][] = [
    ['//h/s', {}],
    ['//h:1,[::1]:2,10.0.0.3/s', { servers: ['h:1', '[::1]:2', '10.0.0.3:4222'] }],
    ['//me:a%40b@h/s', { user: 'me', password: 'a@b' }],
    ['//secret@h/s', { token: 'secret' }],
    ['//h/s?subject=a.b&replicas=3', { subject: 'a.b', replicas: 3 }],
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
    ['//h/s?x=1', 'to: expected ?credentials=…, ?replicas=…, ?subject=…, got "nats://h/s?x=1"'],
    ['//%@h/s', 'to: expected USER:PASSWORD@ or TOKEN@, with %40 for an @, got "nats://…@h/s"'],
  ]
  for (const [place, message] of cases) assert.throws(() => parseStream('to', place), { name: 'TypeError', message })
})
