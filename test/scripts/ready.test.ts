/** A checkout that is not ready to run says in one line what to do. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const NOBODY = 65_534

/** Runs in a checkout that has only `files`, each empty. */
function run(
  command: string,
  files: readonly string[],
  writable = true,
  arg = 'echo',
): { stderr: string; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'tined-ready-'))
  try {
    for (const name of ['bin/tined', 'scripts/ready.mjs', 'package.json']) cpSync(join(root, name), join(folder, name))
    for (const file of files) {
      mkdirSync(join(folder, file, '..'), { recursive: true })
      writeFileSync(join(folder, file), file.endsWith('cli.js') ? "import 'commander'" : '')
    }
    chmodSync(folder, writable ? 0o755 : 0o555)
    const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
    const { stderr, status } = spawnSync(process.execPath, [join(folder, command), arg], {
      encoding: 'utf8',
      ...(writable ? {} : user),
    })
    return { stderr: stderr.replaceAll(`${folder}/`, 'HERE/'), status }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const PACKAGES = ['node_modules/typescript/package.json', 'node_modules/koffi/package.json']
const COMPILED = 'dist/lib/cli.js'

test('bin/tined before a build', () =>
  assert.deepEqual(run('bin/tined', PACKAGES), {
    stderr: 'tined: fatal: not compiled: run npm run build\n',
    status: 111,
  }))

test('bin/tined before npm ci', () =>
  assert.deepEqual(run('bin/tined', []), {
    stderr: 'tined: fatal: not compiled: run npm ci && npm run build\n',
    status: 111,
  }))

test('bin/tined without its packages', () =>
  assert.deepEqual(run('bin/tined', [COMPILED]), {
    stderr: 'tined: fatal: packages are missing: run npm ci\n',
    status: 111,
  }))

test('npm start before npm ci', () =>
  assert.deepEqual(run('scripts/ready.mjs', []), {
    stderr: 'npm start: packages are missing: run npm ci\n',
    status: 111,
  }))

test('npm start in a folder that cannot be written to', () => {
  assert.deepEqual(run('scripts/ready.mjs', [...PACKAGES, COMPILED], false), {
    stderr: 'npm start: this folder cannot be written to: run bin/tined store --to /tmp/messages.ndjson\n',
    status: 111,
  })
  assert.deepEqual(run('scripts/ready.mjs', PACKAGES, false), {
    stderr:
      'npm start: this folder cannot be written to: run cp -r HERE/ /tmp/tined && cd /tmp/tined && npm ci && npm start\n',
    status: 111,
  })
})

test('npm test in a folder that cannot be written to', () => {
  assert.deepEqual(run('scripts/ready.mjs', [...PACKAGES, COMPILED], false, 'test'), {
    stderr: 'npm test: this folder cannot be written to: run node scripts/test.mjs\n',
    status: 111,
  })
  assert.deepEqual(run('scripts/ready.mjs', PACKAGES, false, 'test'), {
    stderr:
      'npm test: this folder cannot be written to: run cp -r HERE/ /tmp/tined && cd /tmp/tined && npm ci && npm test\n',
    status: 111,
  })
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { test: string } }
  assert.match(scripts.test, /^node scripts\/ready\.mjs test && /)
})

test('npm start: nothing to say when all is there, and signals get to the server', () => {
  assert.deepEqual(run('scripts/ready.mjs', [...PACKAGES, COMPILED]), { stderr: '', status: 0 })
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
  // a shell that waited for it would not pass them on
  assert.match(scripts.start, /^node scripts\/ready\.mjs && .* && exec bin\/tined /)
})
