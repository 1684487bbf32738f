/** Tokens and cookies. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Access, tokenFrom } from '../../src/page/access.js'

const TOKEN = 'correct-horse-battery'

test('without a token all may look', () => {
  const access = new Access(undefined)
  assert.ok(access.isAllowed({}))
  assert.equal(access.cookieFor('anything'), undefined)
})

test('with a token only who sends it', () => {
  const access = new Access(TOKEN)
  const allowed = (authorization: string | undefined): boolean => access.isAllowed({ authorization })
  assert.deepEqual(
    [undefined, `Bearer ${TOKEN}`, `bearer  ${TOKEN}`, `Bearer ${TOKEN}x`, 'Bearer ', TOKEN, 'Basic x'].map(allowed),
    [false, true, true, false, false, false, false],
  )
})

test('the cookie is given for the token only, holds something else, and is of this process alone', () => {
  const access = new Access(TOKEN)
  assert.equal(access.cookieFor('wrong'), undefined)
  const cookie = access.cookieFor(TOKEN) ?? ''
  assert.match(cookie, /^tined-page-[\da-f]{8}=[\w-]{32}; HttpOnly; SameSite=Strict; Path=\/$/)
  const [pair = ''] = cookie.split(';')
  assert.ok(access.isAllowed({ cookie: `other=1; ${pair}` }))
  assert.ok(!access.isAllowed({ cookie: `${pair}x` }))
  assert.ok(!access.isAllowed({ cookie: `${pair.split('=')[0]}=${TOKEN}` }))
  assert.ok(!new Access(TOKEN).isAllowed({ cookie: pair }))
})

for (const token of ['short', 'with a blank in the middle', 'é'.repeat(20), 'x'.repeat(257)])
  test(`a token that cannot be is refused: ${token.slice(0, 30)}`, () =>
    assert.throws(() => tokenFrom(token), /--token: expected 16 to 256/))
