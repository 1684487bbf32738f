/**
 * Makes of src/ the few files that programs load, in dist/lib: a start reads 300 files otherwise, and that is half of what it costs.
 * Then the page of `tined page`. Run by `npm run build` after the compiler, which makes the types and what tests import.
 */
import { readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { makeWebPage } from './web-page.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'dist/lib')

/** What package.json exports, and the command. What two of them need is a file of its own: there is one of each module in a process. */
const entryPoints = {
  index: 'src/index.ts',
  posix: 'src/posix/index.ts',
  'posix-trace': 'src/posix/trace/index.ts',
  store: 'src/services/index.ts',
  testing: 'src/testing/start-program.ts',
  cli: 'src/cli/main.ts',
  // a process of its own
  forwarder: 'src/store/nats/forwarder.ts',
}

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints,
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  inject: [join(root, 'scripts/node-globals.mjs')],
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
})

// a server that was started before may still load a part of the old ones: they go when the new ones are there
const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)))
for (const file of readdirSync(folder)) if (!made.has(file)) rmSync(join(folder, file))

await makeWebPage(root)
