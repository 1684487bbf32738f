import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as posix from '../../src/posix/index.js'

const page = readFileSync(new URL('../../../docs/posix.md', import.meta.url), 'utf8')
const listed = [...page.matchAll(/^\| `(\w+)\(.*?\)` \|/gm)].map(([, name]) => name as string)

test('docs/posix.md has a line for every call that tined/posix exports, and for no other', () => {
  const exported = Object.entries(posix)
    .filter(([name, value]) => typeof value === 'function' && name !== 'PosixError')
    .map(([name]) => name)
  assert.deepEqual([...listed].sort(), exported.sort())
})
