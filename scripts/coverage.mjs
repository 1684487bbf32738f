/** Runs the tests that mirror src/ and prints how much of src/ they run: `npm run coverage` */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromTop } from './rules/room-imports.mjs'
import { roomOf, rooms } from './rules/rooms.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tined-coverage-'))
const tested = rooms.map((room) => `test/${room}/`).filter((path) => existsSync(join(root, path)))

const percent = ({ covered, total }) => `${((100 * covered) / total).toFixed(1)} %`

function print(summary) {
  const files = Object.entries(summary).map(([path, file]) => ({
    room: roomOf(path.slice(root.length)),
    ...file.lines,
  }))
  for (const room of fromTop) {
    const inRoom = files.filter((file) => file.room === room)
    const sum = (what) => inRoom.reduce((total, file) => total + file[what], 0)
    console.log(`${room.padEnd(12)}${percent({ covered: sum('covered'), total: sum('total') }).padStart(8)}`)
  }
  const { lines, branches, functions } = summary.total
  console.log(
    `coverage: ${percent(lines)} of the lines in src/, ${percent(functions)} of the functions, ` +
      `${percent(branches)} of the branches in what ran`,
  )
  console.log(
    'Run by the tests of single rooms. Processes that leave by _exit, as forked children do, report nothing: what only they run counts as not run.',
  )
}

try {
  const c8 = ['--all', '--include', 'dist/src/**', '--reporter', 'json-summary', '--reports-dir', folder]
  const { status } = spawnSync(
    join(root, 'node_modules/.bin/c8'),
    [...c8, process.execPath, 'scripts/test.mjs', ...tested],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  process.exitCode = status ?? 1
  print(JSON.parse(readFileSync(join(folder, 'coverage-summary.json'), 'utf8')))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
