/** Files that comments and docs name are there: the check of `npm run lint`, on planted names. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkout, type Files, runScript } from './checkout.js'

const tree: Files = {
  'README.md': 'Read `docs/design.md` and [the rest](docs/design.md#rest).',
  'docs/design.md':
    'See `src/fork/way.ts`, `src/fork`, fork/way.ts and `dist/src/fork/way.js`; `test/fork/*.test.ts` shows it.',
  'src/fork/way.ts': '',
  'test/fork/way.test.ts':
    '/** What way.ts does; ../../docs/design.md says why. Node.js, app.js, stdio.h and NAME.c are no files of ours. */',
  'bench/peers/fork-echo.c': '// beside fork-echo.c\n#include "nowhere.c"',
}

/** Runs the check on the tree with some files replaced or added. */
async function stale(t: Parameters<typeof checkout>[0], plant: Files): Promise<string[]> {
  const root = checkout(t, { ...tree, ...plant })
  const { status, stderr } = await runScript('rules.mjs', '--root', root, 'references')
  const problems = stderr.split('\n').slice(0, -1)
  assert.equal(status, problems.length === 0 ? 0 : 1)
  return problems
}

const code = "const pattern = /'`/\nconst path = 'src/gone.ts // src/gone.ts'\n"

const planted: readonly [what: string, plant: Files, expected: string[]][] = [
  [
    'a block comment',
    { 'src/a.ts': '/**\n * As in src/process/main.ts.\n */' },
    ['src/a.ts:2 names src/process/main.ts'],
  ],
  ['a comment after code', { 'src/a.ts': `${code}load() // see timer-heap.ts` }, ['src/a.ts:3 names timer-heap.ts']],
  ['a folder', { 'test/a.ts': '// all of src/process does' }, ['test/a.ts:1 names src/process']],
  ['part of a path', { 'bench/a.mjs': '// process/way.ts' }, ['bench/a.mjs:1 names process/way.ts']],
  ['what is compiled', { 'scripts/a.mjs': '// dist/src/gone.js' }, ['scripts/a.mjs:1 names dist/src/gone.js']],
  ['a comment in C', { 'examples/a.c': 'int a; /* docs/gone.md */' }, ['examples/a.c:1 names docs/gone.md']],
  ['a comment in Python', { 'bench/a.py': 'a = 1\n# bench/gone.py' }, ['bench/a.py:2 names bench/gone.py']],
  ['a page', { 'docs/a.md': 'x\n\n`src/gone.ts`' }, ['docs/a.md:3 names src/gone.ts']],
  ['the README', { 'README.md': 'src/gone/' }, ['README.md:1 names src/gone']],
  [
    'a page that changes a file',
    { 'docs/a.md': '```ts src/new.ts\n```\n```diff src/gone.ts\n+import "./new.js"\n```' },
    ['docs/a.md:3 names src/gone.ts'],
  ],
  [
    'another page than the one that adds the file',
    { 'docs/a.md': '```ts src/new.ts\n```', 'docs/b.md': 'src/new.ts' },
    ['docs/b.md:1 names src/new.ts'],
  ],
  ['a name with a star', { 'docs/a.md': '`test/e2e/store*.test.ts`' }, ['docs/a.md:1 names test/e2e/store*.test.ts']],
]

describe('references to files', { concurrency: 2 }, () => {
  test('that are there pass, and so does what is no reference', async (t) => {
    assert.deepEqual(await stale(t, { 'src/a.ts': code }), [])
  })

  for (const [what, plant, expected] of planted)
    test(`that are not there are refused in ${what}`, async (t) => {
      assert.deepEqual(
        await stale(t, plant),
        expected.map((problem) => `${problem}, which is not there`),
      )
    })
})
