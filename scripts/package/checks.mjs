/** What is checked of the package besides its files: a name, and a function that returns what is wrong, or nothing. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, projects } from './type-projects.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const compiler = join(root, 'node_modules/typescript/bin/tsc')

function complaintsOf(command, args, cwd) {
  try {
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' })
    return ''
  } catch (error) {
    return `${error.stdout}${error.stderr}`.trim() || String(error)
  }
}
const node = (args, cwd) => complaintsOf(process.execPath, args, cwd)
const tool = (name) => join(root, 'node_modules/.bin', name)

/** CommonJS gets the same module: docs/running.md says from which Node on. */
const ATTW = ['--ignore-rules', 'cjs-resolves-to-esm', '--no-color', '--no-emoji']

const IMPORTED = `
import { fork, serve } from 'tined'
import { getpid } from 'tined/posix'
import { openStore, read, store } from 'tined/store'
import { startProgram } from 'tined/testing'
for (const call of [serve, fork, getpid, openStore, read, store, startProgram]) if (typeof call !== 'function') throw new Error('no function')
if (getpid() !== process.pid) throw new Error('getpid() is not process.pid')
`
const REQUIRED = `
for (const [name, call] of [['tined', 'serve'], ['tined/posix', 'getpid'], ['tined/store', 'openStore'], ['tined/testing', 'startProgram']])
  if (typeof require(name)[call] !== 'function') throw new Error(name + ' has no ' + call)
`

/** @param place where the package is installed, and the archive that it came from */
export const checks = ({ folder, archive }) => [
  ['import of all its entries', () => node(['--input-type=module', '-e', IMPORTED], folder)],
  ['require of all its entries', () => node(['--input-type=commonjs', '-e', REQUIRED], folder)],
  ...Object.entries(projects).map(([name, project], index) => [
    `types: ${name}`,
    () => compile(project, join(folder, `project-${index}`), compiler),
  ]),
  ['types: attw, all ways to resolve them', () => complaintsOf(tool('attw'), [archive, ...ATTW], folder)],
  ['publint --strict', () => complaintsOf(tool('publint'), ['run', archive, '--strict'], folder)],
]

/** Runs them and prints a line for each. @returns whether all is well */
export function runChecks(place) {
  const results = checks(place).map(([name, check]) => ({ name, complaint: check() }))
  for (const { name, complaint } of results) {
    console.log(`${complaint === '' ? 'ok  ' : 'FAIL'} ${name}`)
    if (complaint !== '') console.log(complaint.replace(/^/gm, '       '))
  }
  return results.every(({ complaint }) => complaint === '')
}
