/** Packs the package as it would be published, installs it elsewhere, and uses it: exports, types (attw, publint, projects of users) and the command. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChecks } from './package/checks.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tined-package-'))
const run = (command, ...args) =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

function demand(what, holds) {
  if (!holds) throw new Error(`the package is not as it should be: ${what}`)
}

try {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [archive] = readdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const types = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies['@types/node']
  run('npm', 'install', '--silent', '--no-audit', '--no-fund', `./${archive}`, `@types/node@${types}`)
  const installed = join(folder, 'node_modules/tined')
  const files = readdirSync(installed, { recursive: true })
  for (const file of [
    'README.md',
    'README.ko.md',
    'LICENSE',
    'CHANGELOG.md',
    'docs/fork-safety.md',
    'dist/src/index.d.ts',
    'dist/lib/cli.js',
    'dist/lib/forwarder.js',
    'dist/page/app.js',
    'examples/c/pipe1.c',
    'examples/ko/c/pipe1.c',
    'dist/examples/ko/pipe1.js',
    'docs/course/pictures/zombie.ko.svg',
  ])
    demand(`${file} is missing`, existsSync(join(installed, file)))
  const unwanted = files.filter((file) => /^(dist\/(test|bench)|test|bench|src|scripts)\/|\.map$|\.log$/.test(file))
  demand(`it contains ${unwanted.slice(0, 5).join(', ')}`, unwanted.length === 0)
  demand('its command does not run', /^\d+\.\d+\.\d+\n$/.test(run('node_modules/.bin/tined', '--version')))
  demand(
    'its course cannot be run',
    run('node_modules/.bin/tined', 'course', 'pipe1', '--lang', 'en') === 'parent: Who are you?\n',
  )
  // the client of NATS is not there
  const store = ['store', '--to', 'nats://127.0.0.1:9/x', '--listen', '127.0.0.1:0']
  const { status, stderr } = spawnSync('node_modules/.bin/tined', store, { cwd: folder, encoding: 'utf8' })
  demand('a nats: sink does not say what it needs', status === 111 && stderr.includes('npm install @nats-io/'))
  demand('see above', runChecks({ folder, archive: join(folder, archive) }))
  console.log(`the package holds ${files.length} files and folders; exports, types and command are there`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
