/** The web server: who may ask, what for, and what each answer says to browsers. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { RequestOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { Access } from '../../src/page/access.js'
import { pageServer } from '../../src/page/server.js'
import { type Answer, ask } from '../harness/page.js'
import { processShot, serverOf, snapshotOf } from './shots.js'

const TOKEN = 'correct-horse-battery'
const html = Buffer.from('<!doctype html><html lang="en"><title>Tined</title></html>')

const make = (token: string | undefined): ReturnType<typeof pageServer> =>
  pageServer({
    listening: '127.0.0.1',
    access: new Access(token),
    files: new Map([['/', { type: 'text/html; charset=utf-8', bytes: html }]]),
    looks: {
      snapshot: () => snapshotOf([serverOf([processShot(2, 'supervisor')])]),
      details: () => undefined,
      messages: () => undefined,
    },
  })
const servers = { open: make(undefined), closed: make(TOKEN) }

before(async () => {
  for (const server of Object.values(servers)) await once(server.listen(0, '127.0.0.1'), 'listening')
})
after(() => {
  for (const server of Object.values(servers)) server.close()
})

const request = (name: keyof typeof servers, path: string, options: RequestOptions = {}): Promise<Answer> =>
  ask(`http://127.0.0.1:${(servers[name].address() as AddressInfo).port}/`, { path, ...options })

const answers: [method: string, path: string, headers: Record<string, string>, status: number, text: RegExp][] = [
  ['GET', '/', {}, 200, /<html lang="en"/],
  ['GET', '/', { 'accept-language': 'ko' }, 200, /<html lang="ko"/],
  ['HEAD', '/', {}, 200, /^$/],
  ['GET', '/health', {}, 200, /^this page answers\n$/],
  ['GET', '/ready', {}, 200, /^ready: 127\.0\.0\.1:9190\n$/],
  ['GET', '/metrics', {}, 200, /^tined_connections\{/m],
  ['GET', '/metrics', { accept: 'application/openmetrics-text; version=1.0.0' }, 200, /# EOF\n$/],
  ['GET', '/api/snapshot', {}, 200, /^\{"version":1,/],
  ['GET', '/api/process', {}, 400, /pid: expected the number of a process/],
  ['GET', '/api/process?pid=-1', {}, 400, /pid: expected the number of a process/],
  ['GET', '/api/process?pid=77', {}, 404, /no server here has a living process 77/],
  ['HEAD', '/api/events', {}, 200, /^$/],
  ['GET', '/no-such', {}, 404, /^404 Not Found: there is no such page\n$/],
  ['GET', '/__proto__', {}, 404, /no such page/],
  ['GET', '/../package.json', {}, 404, /no such page/],
  ['GET', 'http://127.0.0.1/', {}, 400, /expected a path/],
  ['POST', '/', {}, 405, /GET and HEAD/],
  ['OPTIONS', '*', {}, 405, /GET and HEAD/],
  ['GET', '/', { host: 'evil.example' }, 421, /the Host header names another machine/],
  ['GET', '/api/snapshot', { host: 'localhost.evil.example:80' }, 421, /the Host header names another machine/],
]
for (const [method, path, headers, status, text] of answers)
  test(`${method} ${path} ${JSON.stringify(headers)} is ${status}`, async () => {
    const answer = await request('open', path, { method, headers })
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.text, text)
    const { 'content-security-policy': csp, 'cache-control': cache, ...more } = answer.headers
    assert.match(csp as string, /^default-src 'none'; script-src 'self'; style-src 'self';/)
    assert.doesNotMatch(csp as string, /unsafe/)
    assert.deepEqual(
      [cache, more['x-content-type-options'], more['referrer-policy']],
      ['no-store', 'nosniff', 'no-referrer'],
    )
  })

test('the type of metrics is the one that was asked for', async () => {
  const type = async (accept: string): Promise<string | undefined> =>
    (await request('open', '/metrics', { headers: { accept } })).headers['content-type']
  assert.equal(await type('*/*'), 'text/plain; version=0.0.4; charset=utf-8')
  assert.equal(
    await type('application/openmetrics-text;version=1.0.0'),
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  )
})

test('with a token nothing is answered without it, and the address is rid of it at once', async () => {
  for (const path of ['/', '/health', '/ready', '/metrics', '/api/events', '/no-such', '/?token=wrong']) {
    const { status, headers } = await request('closed', path)
    assert.deepEqual([path, status, headers['www-authenticate']], [path, 401, 'Bearer'])
  }
  const bearer = await request('closed', '/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })
  assert.equal(bearer.status, 200)
  const { status, headers } = await request('closed', `/?token=${TOKEN}`)
  assert.deepEqual([status, headers.location], [303, '/'])
  const [cookie = ''] = headers['set-cookie'] ?? []
  assert.match(cookie, /; HttpOnly; SameSite=Strict; Path=\/$/)
  assert.equal((await request('closed', '/', { headers: { cookie: cookie.split(';')[0] } })).status, 200)
})
