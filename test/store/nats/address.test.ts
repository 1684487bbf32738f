/** `nats://…`. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkStoreOptions } from '../../../src/services/store-options.js'
import { parseStream } from '../../../src/store/nats/address.js'
import { readLogin } from '../../../src/store/nats/login.js'
import { parseSink } from '../../../src/store/sinks/parse.js'
import { withFolder } from '../../harness/folder.js'

const plain = {
  servers: ['h:4222'],
  tls: undefined,
  login: undefined,
  loginFile: undefined,
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
    ['//me:a%40b@h/s', { login: { user: 'me', password: 'a@b' } }],
    ['//secret@h/s', { login: { token: 'secret' } }],
    ['//h/s?subject=a.b&replicas=3&id=word', { subject: 'a.b', replicas: 3, id: 'word' }],
    ['//h/s?credentials=/etc/x.creds', { credentials: '/etc/x.creds' }],
  ]
  for (const [place, more] of cases) assert.deepEqual(parseStream('to', 'nats', place), { ...plain, ...more })
})

test('tls:// has files of certificates; paths are whole', () => {
  const none = { ca: undefined, cert: undefined, key: undefined }
  const cases: [place: string, more: object][] = [
    ['//h/s', { tls: none }],
    ['//h/s?ca=/ca.pem', { tls: { ...none, ca: '/ca.pem' } }],
    [
      '//h/s?cert=/c&key=k&login=l',
      { tls: { ...none, cert: '/c', key: join(process.cwd(), 'k') }, loginFile: join(process.cwd(), 'l') },
    ],
  ]
  for (const [place, more] of cases) assert.deepEqual(parseStream('to', 'tls', place), { ...plain, ...more })
})

test('a file has a login in its first line, as it is', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'login')
    const cases: [text: string, login: object][] = [
      ['me:a@b:%40/\n', { user: 'me', password: 'a@b:%40/' }],
      ['a token\r\nmore\n', { token: 'a token' }],
      ['me:', { user: 'me', password: '' }],
    ]
    for (const [text, login] of cases) {
      writeFileSync(file, text)
      assert.deepEqual(readLogin(file), login)
    }
    writeFileSync(file, '\n')
    assert.throws(() => readLogin(file), { message: `${file}: expected USER:PASSWORD or a token, got nothing` })
  }))

test('what is none is refused, without the password', () => {
  const cases: [place: string, said: string][] = [
    ['h/s', 'to: expected nats://HOST:PORT/STREAM, got "nats:h/s"'],
    ['//h', 'to: expected nats://HOST:PORT/STREAM, got "nats://h"'],
    ['//h:x/s', 'to: expected servers like 10.0.0.1:4222,10.0.0.2:4222, got "nats://h:x/s"'],
    ['//me:pw@h/', 'to: expected the name of a stream: letters, digits, - and _, got "nats://…@h/"'],
    ['//h/s?subject=a.*', 'to: expected a subject without wildcards, got "nats://h/s?subject=a.*"'],
    ['//h/s?replicas=2', 'to: expected replicas=1, 3 or 5, got "nats://h/s?replicas=2"'],
    ['//h/s?id=x', 'to: expected id=record or id=word, got "nats://h/s?id=x"'],
    [
      '//h/s?password=pw&id=word',
      'to: expected ?credentials=…, ?id=…, ?login=…, ?replicas=…, ?subject=…, got "nats://h/s?password=…&id=word"',
    ],
    ['//h/s?ca=x', 'to: expected tls://HOST:PORT/STREAM with ca=…, got "nats://h/s?ca=x"'],
    ['//h/s?login=', 'to: expected login=FILE, got "nats://h/s?login="'],
    [
      '//me:pw@h/s?login=x',
      'to: expected one of USER:PASSWORD@, login=FILE and credentials=FILE, got "nats://…@h/s?login=x"',
    ],
    ['//me:p/w@h/s', 'to: expected servers like 10.0.0.1:4222,10.0.0.2:4222, got "nats://…@h/s"'],
    ['//%@h/s', 'to: expected USER:PASSWORD@ or TOKEN@, with %40 for an @, got "nats://…@h/s"'],
  ]
  for (const [place, message] of cases)
    assert.throws(() => parseStream('to', 'nats', place), { name: 'TypeError', message })
  assert.throws(() => parseStream('to', 'tls', '//h/s?cert=x'), {
    message: 'to: expected cert=FILE together with key=FILE, got "tls://h/s?cert=x"',
  })
  assert.throws(() => parseSink('to', 'natz://me:pw@h/s'), /got "natz:\/\/…@h\/s"$/)
})

test('what only a stream has is refused elsewhere', () => {
  const only = (option: string): RegExp =>
    new RegExp(`^TypeError: ${option}: only with to nats://…, which has servers and a spool$`)
  assert.throws(() => checkStoreOptions({ to: 'x', durability: 'replicated' }), only('durability'))
  assert.throws(() => checkStoreOptions({ to: 'x', spool: 'y' }), only('spool'))
  assert.equal(checkStoreOptions({ to: 'nats://h/s', durability: 'replicated' }).to.place, '//h/s')
})
