/** The unit of docs/operations.md, as systemd reads it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const page = readFileSync(fileURLToPath(new URL('../../../docs/operations.md', import.meta.url)), 'utf8')
const unit = /^```ini\n(\[Service\]\n.*?)^```$/ms.exec(page)?.[1] ?? ''
const isThere = spawnSync('systemd-analyze', ['--version']).status === 0
const skip = isThere ? false : 'no systemd-analyze: apt-get install systemd'

/** What it complains of. */
function complaints(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tined-unit-'))
  try {
    const file = join(folder, 'tined.service')
    // whether Node is where the page has it is another question
    writeFileSync(file, text.replace('/usr/bin/node', process.execPath))
    return spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' }).stderr
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('systemd-analyze verify has nothing to say of it', { skip }, () => {
  assert.match(unit, /^NoNewPrivileges=yes$/m)
  assert.equal(complaints(unit), '')
  assert.match(complaints(unit.replace('ProtectClock', 'ProtectClocks')), /Unknown key/)
})
