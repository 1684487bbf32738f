import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire, register } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import vm from 'node:vm'
import type { Probe } from '../probe.js'

/** Writes `source` to a file that lives while `use` runs. */
async function withFile(name: string, source: string, use: (path: string) => Promise<void> | void): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'probe-'))
  await writeFile(join(directory, name), source)
  await use(join(directory, name))
  await rm(directory, { recursive: true })
}

const importSource = (source: string): Promise<{ default: unknown }> => import(`data:text/javascript,${source}`)

export const probes: Probe[] = [
  {
    name: 'a new file is imported, with top-level await',
    run: () =>
      withFile('fresh.mjs', 'export const value = await Promise.resolve(6 * 7)', async (path) => {
        const module = await import(pathToFileURL(path).href)
        assert.equal(module.value, 42)
        assert.equal(await import(pathToFileURL(path).href), module)
      }),
  },
  {
    name: 'a new CommonJS file and JSON are required',
    run: () =>
      withFile('fresh.cjs', 'module.exports = { dir: __dirname, os: require("node:os").type() }', (path) => {
        const required = createRequire(import.meta.url)(path)
        assert.equal(required.os, 'Linux')
        assert.equal(join(required.dir, 'fresh.cjs'), path)
      }),
  },
  {
    name: 'a data: URL and a builtin that nobody has loaded are imported',
    async run() {
      const { default: value } = await importSource('export default [1, 2].map(String).join()')
      assert.equal(value, '1,2')
      assert.equal((await import('node:querystring')).parse('a=1').a, '1')
    },
  },
  {
    name: 'a failing import rejects',
    async run() {
      await assert.rejects(importSource('throw new TypeError("inside")'), { name: 'TypeError' })
      const missing = './not-there.js'
      await assert.rejects(import(missing), { code: 'ERR_MODULE_NOT_FOUND' })
    },
  },
  {
    name: 'module.register runs its hooks on a thread of its own',
    async run() {
      const hooks = `export const resolve = (name, context, next) =>
        name === 'made:up' ? { url: 'data:text/javascript,export default "hooked"', shortCircuit: true } : next(name, context)`
      register(`data:text/javascript,${encodeURIComponent(hooks)}`)
      const name = 'made:up'
      assert.equal((await import(name)).default, 'hooked')
    },
  },
  {
    name: 'vm runs in a context of its own',
    run() {
      const context = vm.createContext({ n: 20 })
      assert.equal(vm.runInContext('m = n + 22; globalThis.process', context), undefined)
      assert.equal(context['m'], 42)
      const cachedData = new vm.Script('1 + 1').createCachedData()
      const script = new vm.Script('1 + 1', { cachedData })
      assert.equal(script.cachedDataRejected, false)
      assert.equal(script.runInThisContext(), 2)
    },
  },
  {
    name: 'vm interrupts an endless script after its timeout',
    run() {
      // a watchdog thread with a loop of its own
      assert.throws(() => vm.runInNewContext('for (;;);', {}, { timeout: 30 }), {
        code: 'ERR_SCRIPT_EXECUTION_TIMEOUT',
      })
      assert.equal(vm.runInNewContext('3', {}, { timeout: 1000 }), 3)
    },
  },
]
