import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkOptions, type ServeOptions } from '../../../src/server/options.js'

const listen = 'unix:/x'

test('an owner is a user, a group or both, by name or number', () => {
  const owners = { root: [0, undefined], 'root:root': [0, 0], ':root': [undefined, 0], '12:34': [12, 34] }
  for (const [socketOwner, [uid, gid]] of Object.entries(owners))
    assert.deepEqual(checkOptions({ listen, socketOwner }).socketOwner, { uid, gid })
})

const refused: [options: object, message: string][] = [
  [{ listen, socketMode: 0o1000 }, 'socketMode: expected a file mode from 0 to 0o777, got 512'],
  [{ listen, socketMode: '660' }, 'socketMode: expected a file mode like 0o660, got "660" (string)'],
  [{ listen, socketOwner: '' }, 'socketOwner: expected USER, USER:GROUP or :GROUP, got ""'],
  [{ listen, socketOwner: 0 }, 'socketOwner: expected USER, USER:GROUP or :GROUP, got 0'],
  [{ listen, socketOwner: 'no-one' }, 'socketOwner: expected a number, or a user of /etc/passwd, got "no-one"'],
  [{ listen, socketOwner: ':no-one' }, 'socketOwner: expected a number, or a group of /etc/group, got "no-one"'],
  [{ socketMode: 0o600 }, 'socketMode: only for the file of a unix socket, and listen has none'],
  [{ listen: 'unix:@x', socketOwner: '0' }, 'socketOwner: only for the file of a unix socket, and listen has none'],
]

for (const [options, message] of refused)
  test(`${JSON.stringify(options)} is refused: ${message}`, () =>
    assert.throws(() => checkOptions(options as ServeOptions), { message }))
