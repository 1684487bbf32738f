/** The picture of the layers in docs/design.md, drawn from small trees. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { checkout, type Files, runScript } from './checkout.js'
import { cleanTree } from './clean-tree.js'

/** Draws the picture of a tree into it. */
async function draw(t: TestContext, plant: Files): Promise<{ root: string; picture: string }> {
  const root = checkout(t, { ...cleanTree, ...plant })
  mkdirSync(join(root, 'docs'))
  assert.equal((await runScript('layers.mjs', '--root', root)).status, 0)
  return { root, picture: readFileSync(join(root, 'docs/layers.svg'), 'utf8') }
}

const countOf = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length
const WRONG = /class="(?:wire|crossing|box) wrong"/g

describe('the picture of the layers', { concurrency: 2 }, () => {
  test('has a box for each room with its files, and an arrow for each pair that imports', async (t) => {
    const { picture } = await draw(t, { 'src/fork/way.ts': "import '../engine/loop.js'" })
    assert.equal(countOf(picture, /class="box"/g), 16)
    assert.match(picture, /class="name"[^>]*>fork<\/text><text class="files"[^>]*>2 files</)
    assert.match(picture, /class="name"[^>]*>cli<\/text><text class="files"[^>]*>1 file</)
    assert.equal(countOf(picture, /class="wire"/g), 16)
    assert.equal(countOf(picture, WRONG), 0)
  })

  test('counts imports', async (t) => {
    const two = "import '../engine/loop.js'\nimport '../engine/pool.js'"
    const { picture } = await draw(t, { 'src/fork/way.ts': two, 'src/engine/pool.ts': '' })
    assert.equal(countOf(picture, /class="count"[^>]*>2</g), 1)
  })

  test('draws what goes upwards in red', async (t) => {
    const { picture } = await draw(t, { 'src/fork/way.ts': "import '../store/wire.js'" })
    assert.equal(countOf(picture, WRONG), 2)
  })

  test('draws a room with a circle in red', async (t) => {
    const { picture } = await draw(t, { 'src/fork/a.ts': "import './b.js'", 'src/fork/b.ts': "import './a.js'" })
    assert.equal(countOf(picture, WRONG), 1)
    assert.match(picture, /3 files, a circle/)
  })

  test('is refused when it is old or missing', async (t) => {
    const { root } = await draw(t, {})
    assert.equal((await runScript('rules.mjs', '--root', root, 'picture')).status, 0)
    const changed = checkout(t, {
      ...cleanTree,
      'docs/layers.svg': readFileSync(join(root, 'docs/layers.svg'), 'utf8'),
      'src/fork/way.ts': '',
    })
    for (const tree of [changed, checkout(t, cleanTree)]) {
      const { status, stderr } = await runScript('rules.mjs', '--root', tree, 'picture')
      assert.match(stderr, /^docs\/layers\.svg does not show the imports as they are: npm run docs:layers$/m)
      assert.equal(status, 1)
    }
  })
})
