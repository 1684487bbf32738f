/** Each rule of architecture, on a small tree with one violation of it: the very rules that `npm run lint` applies. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { checkout, type Files, repository, runScript } from './checkout.js'
import { cleanTree } from './clean-tree.js'

interface Planted {
  what: string
  /** Added to the file of that name, or a new file. */
  plant: Files
  /** Every problem that is reported, without its reason. */
  expected: string[]
}

const planted: readonly Planted[] = [
  {
    what: 'an import of a higher room',
    plant: { 'src/fork/fork.ts': "import '../client/connect.js'" },
    expected: ['fork-imports-downwards: src/fork/fork.ts → src/client/connect.ts'],
  },
  {
    what: 'an import of a type of a higher room, from a folder in a room',
    plant: { 'src/reactor/pollers/epoll.ts': "import type { Stats } from '../../supervisor/channel.js'" },
    expected: ['reactor-imports-downwards: src/reactor/pollers/epoll.ts → src/supervisor/channel.ts'],
  },
  {
    what: 'a type of a higher room passed on, among others',
    plant: { 'src/engine/loop.ts': "export { type Stats } from '../supervisor/channel.js'" },
    expected: ['engine-imports-downwards: src/engine/loop.ts → src/supervisor/channel.ts'],
  },
  {
    what: 'a higher room loaded later',
    plant: { 'src/libc/koffi.ts': "export const later = () => import('../store/wire.js')" },
    expected: ['libc-imports-downwards: src/libc/koffi.ts → src/store/wire.ts'],
  },
  {
    what: 'an import of another room of the same layer',
    plant: { 'src/client/connect.ts': "import '../services/store.js'" },
    expected: ['client-imports-downwards: src/client/connect.ts → src/services/store.ts'],
  },
  {
    what: 'an import of what programs import',
    plant: { 'src/services/store.ts': "import '../index.js'" },
    expected: ['services-imports-downwards: src/services/store.ts → src/index.ts'],
  },
  {
    what: 'a surface that reaches for more than it should',
    plant: { 'src/index.ts': "export { loop } from './engine/loop.js'" },
    expected: ['surface-on-top: src/index.ts → src/engine/loop.ts'],
  },
  {
    what: 'a folder that is no room',
    plant: { 'src/helpers/all.ts': '', 'test/e2e/anything.test.ts': "import '../../src/helpers/all.js'" },
    expected: [
      'every-file-has-a-room: test/e2e/anything.test.ts → src/helpers/all.ts',
      'no-orphans: src/helpers/all.ts',
    ],
  },
  {
    what: 'tined/posix in the server',
    plant: { 'src/server/serve.ts': "import '../posix/index.js'" },
    expected: ['posix-for-cli-only: src/server/serve.ts → src/posix/index.ts'],
  },
  {
    what: 'speed imported in a second place',
    plant: { 'src/supervisor/channel.ts': "import '../speed/freeze.js'" },
    expected: ['speed-at-birth-only: src/supervisor/channel.ts → src/speed/freeze.ts'],
  },
  {
    what: 'an observer that takes part',
    plant: { 'src/observe/look.ts': "import type { Stats } from '../supervisor/channel.js'" },
    expected: ['observe-reads-only: src/observe/look.ts → src/supervisor/channel.ts'],
  },
  {
    what: 'a circle of types',
    plant: {
      'src/supervisor/channel.ts': "import type { Plan } from './plan.js'",
      'src/supervisor/plan.ts': "import type { Stats } from './channel.js'\nexport type Plan = Stats",
    },
    expected: ['no-circles: src/supervisor/channel.ts → src/supervisor/plan.ts → src/supervisor/channel.ts'],
  },
  {
    what: 'koffi outside of libc',
    plant: { 'src/posix/index.ts': "import type koffi from 'koffi'" },
    expected: ['koffi-in-libc-only: src/posix/index.ts → node_modules/koffi/index.js'],
  },
  {
    what: 'createRequire, which hides what it loads',
    plant: { 'src/server/serve.ts': "import { createRequire } from 'node:module'" },
    expected: ['no-other-require: src/server/serve.ts → module'],
  },
  {
    what: 'an import of a test',
    plant: { 'src/server/serve.ts': "import '../../test/harness/until.js'", 'test/harness/until.ts': '' },
    expected: ['src-stands-alone: src/server/serve.ts → test/harness/until.ts'],
  },
  {
    what: 'a package that is not declared',
    plant: { 'src/cli/main.ts': "import 'not-declared'" },
    expected: ['packages-are-declared: src/cli/main.ts → node_modules/not-declared/index.js'],
  },
  {
    what: 'a package for development only',
    plant: { 'src/cli/main.ts': "import 'only-for-development'" },
    expected: ['packages-are-declared: src/cli/main.ts → node_modules/only-for-development/index.js'],
  },
  {
    what: 'a package that is not installed',
    plant: { 'src/cli/main.ts': "import 'nowhere'" },
    expected: ['packages-are-declared: src/cli/main.ts → nowhere'],
  },
  {
    what: 'a kind of file whose imports would not be read',
    plant: { 'src/server/serve.ts': "import './old.cjs'", 'src/server/old.cts': "import 'koffi'" },
    expected: ['packages-are-declared: src/server/serve.ts → ./old.cjs'],
  },
  {
    what: 'files that only a test and each other import',
    plant: {
      'src/store/unused.ts': "import './unused-too.js'",
      'src/store/unused-too.ts': "import './wire.js'",
      'test/e2e/anything.test.ts': "import '../../src/store/unused.js'",
    },
    expected: ['no-orphans: src/store/unused-too.ts', 'no-orphans: src/store/unused.ts'],
  },
  {
    what: 'a test of a folder that is not there',
    plant: { 'test/store/writer/commit.test.ts': '' },
    expected: ['test/store/writer/commit.test.ts mirrors nothing: there is no folder src/store/writer'],
  },
]

const plantIn = (tree: Files, plant: Files): Files => ({
  ...tree,
  ...Object.fromEntries(Object.entries(plant).map(([path, text]) => [path, `${tree[path] ?? ''}\n${text}\n`])),
})

const problemsIn = (stderr: string): string[] => stderr.split('\n').filter((line) => /^\S/.test(line))

describe('the rules of architecture', { concurrency: 2 }, () => {
  test('a clean tree passes', async (t) => {
    const result = await runScript('rules.mjs', '--root', checkout(t, cleanTree), 'imports', 'mirror')
    assert.deepEqual(result, { status: 0, stdout: 'rules: all hold\n', stderr: '' })
  })

  for (const { what, plant, expected } of planted)
    test(`refuse ${what}`, async (t) => {
      const root = checkout(t, plantIn(cleanTree, plant))
      const { status, stderr } = await runScript('rules.mjs', '--root', root, 'imports', 'mirror')
      assert.deepEqual(problemsIn(stderr).sort(), expected.toSorted())
      assert.equal(status, 1)
    })

  test('say why', async (t) => {
    const root = checkout(t, plantIn(cleanTree, { 'src/posix/index.ts': "import 'koffi'" }))
    const { stderr } = await runScript('rules.mjs', '--root', root, 'imports')
    assert.match(stderr, /\n {2}One door to C: /)
  })
})

describe('an import in the place of a type, which the rules would not see', () => {
  const lint = (root: string) => {
    mkdirSync(join(root, 'scripts/rules'), { recursive: true })
    for (const file of ['biome.json', 'scripts/rules/import-type.grit'])
      copyFileSync(join(repository, file), join(root, file))
    const biome = join(repository, 'node_modules/.bin/biome')
    return spawnSync(biome, ['lint', '--vcs-enabled=false', 'src'], { cwd: root, encoding: 'utf8' })
  }

  test('is refused', (t) => {
    const hidden = "export type Plan = import('../supervisor/plan.js').Plan\n"
    const { status, stderr } = lint(checkout(t, { 'src/engine/loop.ts': hidden }))
    assert.match(stderr, /hidden from the rules of architecture/)
    assert.equal(status, 1)
  })

  test('is not taken for one that loads a file', (t) => {
    const { status } = lint(checkout(t, { 'src/engine/loop.ts': "export const late = await import('./late.js')\n" }))
    assert.equal(status, 0)
  })
})
