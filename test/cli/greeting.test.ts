import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calledAs } from '../../src/cli/greeting.js'

const called: [path: string, from: string, PATH: string | undefined, as: string][] = [
  ['/srv/tined/bin/tined', '/srv/tined', '/usr/bin', 'bin/tined'],
  ['/srv/tined/bin/tined', '/tmp', '/usr/bin', '/srv/tined/bin/tined'],
  ['/usr/local/bin/tined', '/srv', '/usr/bin:/usr/local/bin/', 'tined'],
  ['/srv/app/node_modules/.bin/tined', '/srv/app', '/usr/bin', 'npx tined'],
  ['/srv/tined/bin/tined', '/srv/tined/bin', undefined, './tined'],
]

for (const [path, from, PATH, as] of called)
  test(`${path} is called as ${as} from ${from}`, () => assert.equal(calledAs(path, from, { PATH }), as))
