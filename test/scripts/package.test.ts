/** The package as it would be packed from what is compiled: its types for the strictest of users, and what linters of packages say. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { repository } from './checkout.js'

type Check = [name: string, check: () => string]
type Checks = (place: { folder: string; archive: string }) => Check[]
const { checks } = (await import(new URL('../../../scripts/package/checks.mjs', import.meta.url).href)) as {
  checks: Checks
}

const folder = mkdtempSync(join(tmpdir(), 'tined-types-'))
after(() => rmSync(folder, { recursive: true }))
// without scripts: they would compile anew what other tests are running
execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: repository })
const archive = join(folder, readdirSync(folder)[0] as string)
mkdirSync(join(folder, 'node_modules/tined'), { recursive: true })
execFileSync('tar', ['-xzf', archive, '-C', join(folder, 'node_modules/tined'), '--strip-components=1'])
for (const name of readdirSync(join(repository, 'node_modules')))
  if (name !== 'tined' && !name.startsWith('.'))
    symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name))
writeFileSync(join(folder, 'package.json'), '{ "private": true }')

for (const [name, check] of checks({ folder, archive })) test(`the package: ${name}`, () => assert.equal(check(), ''))

test('package-lock.json has no address of a registry: npm ci takes the one that is set', () =>
  assert.doesNotMatch(readFileSync(join(repository, 'package-lock.json'), 'utf8'), /"resolved": "http/))
