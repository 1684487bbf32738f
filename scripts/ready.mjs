/**
 * Before `npm start`, and with the argument `test` before `npm test`: says in one line what is missing and what to run, where the
 * tools would take many.
 */
import { accessSync, constants, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (path) => `${root}${path}`

const command = process.argv[2] === 'test' ? 'test' : 'start'
/** What runs what is compiled, and writes nothing here. */
const compiledOnly = { start: 'bin/tined store --to /tmp/messages.ndjson', test: 'node scripts/test.mjs' }[command]

function refuse(line) {
  process.stderr.write(`npm ${command}: ${line}\n`)
  process.exit(111)
}

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

for (const name of ['typescript', 'koffi'])
  if (!existsSync(at(`node_modules/${name}`))) refuse('packages are missing: run npm ci')

const compiled = existsSync(at('dist/lib/cli.js'))
if (!isWritable(root) || (existsSync(at('dist')) && !isWritable(at('dist'))))
  refuse(
    compiled
      ? `this folder cannot be written to: run ${compiledOnly}`
      : `this folder cannot be written to: run cp -r ${root} /tmp/tined && cd /tmp/tined && npm ci && npm ${command}`,
  )
