import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { variables } from '../../src/cli/variables.js'

const source = fileURLToPath(new URL('../../../src', import.meta.url))

test('every variable that the source reads is known, so that a near miss of it is refused', () => {
  const texts = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(source, path), 'utf8'))
  const read = texts.flatMap((text) => [...text.matchAll(/env\b\W{1,4}(TINED_\w+)/g)].map(([, name = '']) => name))
  assert.ok(read.includes('TINED_FORK_WAY'), 'the search finds what is there')
  assert.deepEqual(
    read.filter((name) => !variables.includes(name)),
    [],
  )
})
