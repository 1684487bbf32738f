/**
 * Follows README.md and docs/first-server.md to the letter, in an empty folder, with the package as it would be published:
 * `npm run check:docs`. What they tell to install is installed, what they show is written and started, what they tell to type is
 * typed, and what they say is printed must be printed. Nothing may run any more in the end.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { follow } from './follow-docs/follow.mjs'
import { NotFollowed } from './follow-docs/not-followed.mjs'
import { readersEnvironment } from './follow-docs/shell.mjs'
import { killMarked, marked } from './test/processes.mjs'

const PAGES = ['README.md', 'docs/first-server.md']

const LIMIT_MS = 180_000

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tined-reader-'))
const mark = `READER_OF_TINED=${process.pid}-${Date.now()}`
const notFollowed = new NotFollowed()
const started = performance.now()
const seconds = () => ((performance.now() - started) / 1000).toFixed(0)

function removeAll() {
  killMarked(mark)
  rmSync(folder, { recursive: true, force: true })
}

function giveUp(why) {
  console.error(`FAIL ${why}`)
  removeAll()
  process.exit(1)
}
const limit = setTimeout(giveUp, LIMIT_MS, `not done within ${LIMIT_MS / 1000} s`)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => giveUp(`ended by ${signal}`))

/** @returns how many blocks were followed, in a folder of its own */
function followIn(name, page, archive) {
  const empty = join(folder, name)
  mkdirSync(empty)
  const text = readFileSync(join(root, page), 'utf8')
  return follow(page, text, { folder: empty, env: readersEnvironment(mark), archive, notFollowed })
}

try {
  // what is compiled: whoever runs this has just built it
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const archive = join(folder, readdirSync(folder)[0])
  const follows = PAGES.map(async (page, index) => {
    const blocks = await followIn(`reader-${index}`, page, archive)
    console.log(`ok   ${page}: ${blocks} blocks followed, ${seconds()} s`)
  })
  const failures = (await Promise.allSettled(follows)).filter(({ status }) => status === 'rejected')
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason.message).join('\nFAIL '))
  if (notFollowed.gone.length > 0)
    throw new Error(`scripts/follow-docs/not-followed.mjs names what is gone: ${notFollowed.gone.join(', ')}`)
  const left = marked(mark)
  if (left.length > 0)
    throw new Error(`still running: ${left.map(({ pid, command }) => `${pid} ${command}`).join(', ')}`)
} catch (error) {
  console.error(`FAIL ${error.message}`)
  process.exitCode = 1
} finally {
  clearTimeout(limit)
  removeAll()
}
