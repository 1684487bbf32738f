/** Changes that a page shows are made where they say, or not at all. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksOf, changed } from './page-blocks.js'

const page = [
  'Text, and a block without a file:',
  '```sh',
  'npm test',
  '```',
  '```ts src/new.ts',
  'export const one = 1',
  '```',
  '```diff src/old.ts',
  ' two',
  '+and a half',
  '@@',
  '-three',
  '+3',
  '```',
  '',
].join('\n')
const [added, change] = blocksOf(page)
assert.ok(added !== undefined && change !== undefined)

test('a block is a file, or a change of one', () => {
  assert.deepEqual(added, { path: 'src/new.ts', isChange: false, text: 'export const one = 1\n' })
  assert.deepEqual([change.path, change.isChange], ['src/old.ts', true])
  assert.equal(blocksOf(page).length, 2)
})

test('each part of a change is made in its place', () => {
  assert.equal(changed('one\ntwo\nthree\n', change), 'one\ntwo\nand a half\n3\n')
})

const refused: readonly [what: string, text: string, message: string][] = [
  ['gone', 'one\nthree\n', 'src/old.ts has this nowhere:\ntwo\n'],
  ['only part of a line', 'forty-two\nthree\n', 'src/old.ts has this nowhere:\ntwo\n'],
  ['there twice', 'two\ntwo\nthree\n', 'src/old.ts has this more than once:\ntwo\n'],
]

for (const [what, text, message] of refused)
  test(`a place that is ${what} is an error that shows it`, () => {
    assert.throws(() => changed(text, change), { message })
  })
