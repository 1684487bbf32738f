/** The runner of this very suite, on small suites of its own. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repository } from './checkout.js'

const runner = fileURLToPath(new URL('../../../scripts/test.mjs', import.meta.url))
const head = "import { test } from 'node:test'\n"

/** Compiled tests by name; each has a source unless it is stale. */
type Suite = Record<string, string | { stale: string }>

function run(t: TestContext, suite: Suite, ...args: string[]): { status: number | null; stdout: string } {
  const root = mkdtempSync(join(tmpdir(), 'tined-suite-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const folder of ['test', 'dist/test']) mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  for (const [name, text] of Object.entries(suite)) {
    writeFileSync(join(root, `dist/test/${name}.test.js`), head + (typeof text === 'string' ? text : text.stale))
    if (typeof text === 'string') writeFileSync(join(root, `test/${name}.test.ts`), '')
  }
  const ours = ['TINED_NO_SKIPS', 'TINED_TEST_FILE', 'TINED_SECOND_TRY', 'TINED_AS_SHIPPED', 'TINED_WITHOUT']
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.includes(name)))
  return spawnSync(process.execPath, [runner, '--root', root, ...args], { encoding: 'utf8', env })
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''

test('the runner counts tests and ends with status 0 when all pass', (t) => {
  const { status, stdout } = run(t, { one: "test('a', () => {})", two: "test('b', () => {})\ntest('c', () => {})" })
  assert.match(lastLine(stdout), /^PASS .* 3 tests, 3 passed, 0 failed, 0 skipped by design, 0 skipped for want/)
  assert.equal(status, 0)
})

test('the runner ends with status 1 and shows the error when a test fails', (t) => {
  const { status, stdout } = run(t, { one: "test('a', () => { throw new Error('because') })" })
  assert.match(stdout, /Error: because/)
  assert.match(lastLine(stdout), /^FAIL .* 1 failed/)
  assert.equal(status, 1)
})

const UNSTEADY =
  "import { existsSync, writeFileSync } from 'node:fs'\n" +
  "test('a', () => { if (existsSync('tried')) return; writeFileSync('tried', ''); throw new Error('once') })"

test('--second-try runs a failed file again, lets it pass and says so; what fails twice fails', (t) => {
  const cwd = mkdtempSync(join(tmpdir(), 'tined-tried-'))
  t.after(() => rmSync(cwd, { recursive: true }))
  const suite = { steady: "test('b', () => {})", unsteady: `process.chdir(${JSON.stringify(cwd)})\n${UNSTEADY}` }
  const { status, stdout } = run(t, suite, '--second-try')
  assert.match(stdout, /Passed at the second try only: test\/unsteady\.test\.ts\n {2}a: once\n/)
  assert.match(lastLine(stdout), /^PASS .* 2 tests, 2 passed, 0 failed/)
  assert.equal(status, 0)
  const broken = run(t, { one: "test('a', () => { throw new Error('always') })" }, '--second-try')
  assert.match(lastLine(broken.stdout), /^FAIL .* 1 tests?, 0 passed, 1 failed/)
  assert.equal(broken.status, 1)
})

test('the runner shows each reason for a skip; --no-skips allows those that are by design only', (t) => {
  const byDesign = "test('a', { skip: 'by design: none before Node 22' }, () => {})"
  assert.equal(run(t, { byDesign }, '--no-skips').status, 0)
  const suite = { byDesign, wanting: "test('b', { skip: 'frob(1) is not installed' }, () => {})" }
  const lenient = run(t, suite)
  assert.match(
    lenient.stdout,
    /Skipped by design:\n {2}by design: none before Node 22\n {4}test\/byDesign\.test\.ts: a\n/,
  )
  assert.match(lenient.stdout, /Skipped:\n {2}frob\(1\) is not installed\n {4}test\/wanting\.test\.ts: b\n/)
  assert.equal(lenient.status, 0)
  assert.equal(run(t, suite, '--no-skips').status, 1)
})

test('the runner folds reasons that differ only in the name of a folder of their own', (t) => {
  const skips = ['aB3dE9', 'zzzzzz'].map(
    (end) => `test('${end}', { skip: 'no room in /tmp/tined-x-${end}/file' }, () => {})`,
  )
  const { stdout } = run(t, { one: skips.join('\n') })
  assert.match(
    stdout,
    /Skipped:\n {2}no room in \/tmp\/tined-x-\*\/file\n {4}test\/one\.test\.ts: aB3dE9\n {4}test\/one\.test\.ts: zzzzzz\n\S/,
  )
})

test('what a missing compiler costs is said in one place', () => {
  const folder = join(repository, 'test')
  const asking = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && /'cc',\s\['--version'\]/.test(readFileSync(join(folder, path), 'utf8')),
  )
  assert.deepEqual(asking, ['harness/compiler.ts'])
})

test('the runner takes a skip without a reason for one that --no-skips does not allow', (t) => {
  const { status, stdout } = run(t, { one: "test('a', { skip: true }, () => {})" }, '--no-skips')
  assert.equal(status, 1, stdout)
})

test('the runner kills a file that hangs, with all it started, and names the test', (t) => {
  const mute = "spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref()"
  const hang = `import { spawn } from 'node:child_process'\n${mute}\ntest('stuck', () => new Promise(() => setInterval(() => {}, 1e6)))`
  const { status, stdout } = run(t, { hang }, '--file-limit', '1.5')
  assert.match(stdout, /hung: killed after 1\.5 s; under way: stuck/)
  assert.equal(status, 1)
})

test('the runner ends as a whole when its time is up', (t) => {
  const stuck = "test('stuck', () => new Promise(() => setInterval(() => {}, 1e6)))"
  const { status, stdout } = run(t, { one: stuck, two: stuck }, '--limit', '1.5', '--concurrency', '1')
  assert.match(stdout, /the time for all tests is up; under way: stuck/)
  assert.match(stdout, /not run: the time is up/)
  assert.equal(status, 1)
})

test('the runner reports a process that a test left behind, and kills it', (t) => {
  const left = "spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref()"
  const { status, stdout } = run(t, {
    left: `import { spawn } from 'node:child_process'\n${left}\ntest('a', () => {})`,
  })
  assert.match(stdout, /left behind: \d+ sleep 1000/)
  assert.equal(status, 1)
})

test('the runner reports a file that ends before its tests', (t) => {
  const { status, stdout } = run(t, { broken: "import './nowhere.js'", early: 'process.exit(0)' })
  assert.match(stdout, /FAIL test\/broken\.test\.ts/)
  assert.match(stdout, /FAIL test\/early\.test\.ts/)
  assert.equal(status, 1)
})

test('the runner leaves a compiled test alone whose source is gone', (t) => {
  const { status, stdout } = run(t, { one: "test('a', () => {})", gone: { stale: "test('b', () => { throw 1 })" } })
  assert.match(lastLine(stdout), /1 test, 1 passed/)
  assert.equal(status, 0)
})

test('servers of tests start without what only makes them fast, unless they shall be rehearsed, or all as shipped', (t) => {
  const fails = "test('a', () => { if (process.env.TINED_WITHOUT) throw new Error(process.env.TINED_WITHOUT) })"
  assert.match(
    run(t, { one: fails }).stdout,
    /Error: optimisation,whole-roots,compact-heap,rehearsal,freeze,huge-text$/m,
  )
  assert.match(run(t, { one: fails }, '--rehearsed').stdout, /Error: optimisation,whole-roots,compact-heap$/m)
  assert.equal(run(t, { one: fails }, '--as-shipped').status, 0)
})
