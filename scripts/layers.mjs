/** Draws docs/layers.svg from the imports in src/: `npm run docs:layers`, or `node scripts/layers.mjs [--root FOLDER]` */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readImports } from './rules/imports.mjs'
import { drawLayers, PICTURE } from './rules/layers-picture.mjs'

const { values: options } = parseArgs({
  options: { root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) } },
})
writeFileSync(join(options.root, PICTURE), drawLayers(await readImports(options.root)))
