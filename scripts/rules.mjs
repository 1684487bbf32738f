/**
 * Holds the checkout against the rules of architecture: `node scripts/rules.mjs [--root FOLDER] [CHECK…]`, part of `npm run lint`
 *
 *   imports      what may import what (.dependency-cruiser.mjs)
 *   mirror       test/ mirrors src/
 *   references   files named in comments and docs are there
 *   picture      docs/layers.svg shows the code as it is
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkMirror } from './rules/mirror.mjs'
import { checkReferences } from './rules/references.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) } },
})

/** What dependency-cruiser found; read once, and only for a check that needs it. */
let imports
const readOnce = async () => {
  const { readImports } = await import('./rules/imports.mjs')
  imports ??= await readImports(options.root)
  return imports
}

const checks = {
  imports: async () => (await import('./rules/imports.mjs')).checkImports(await readOnce()),
  mirror: () => checkMirror(options.root),
  references: () => checkReferences(options.root),
  picture: async () => (await import('./rules/layers-picture.mjs')).checkPicture(options.root, await readOnce()),
}
for (const name of positionals)
  if (!(name in checks)) throw new RangeError(`no check is called ${name}: ${Object.keys(checks).join(', ')}`)

let wrong = 0
for (const name of positionals.length > 0 ? positionals : Object.keys(checks)) {
  const problems = await checks[name]()
  for (const problem of problems) console.error(problem)
  wrong += problems.length
}
console.log(wrong === 0 ? 'rules: all hold' : 'rules: broken, see above')
process.exitCode = wrong === 0 ? 0 : 1
