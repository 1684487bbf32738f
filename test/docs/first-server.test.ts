/** docs/first-server.md and docs/serve.md: their programs are those of the checkout, compile, and do what the page says. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { Program } from '../harness/program.js'
import { until } from '../harness/until.js'
import { blocksOf } from './page-blocks.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const page = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8')

/** A folder as `npm install tined` would have left it. */
async function withPackage(run: (folder: string) => void | Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(root, join(folder, 'node_modules', 'tined'))
    symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    await run(folder)
  })
}

const shown = blocksOf(page('first-server.md')).filter(({ path }) => path.endsWith('.ts'))
const servers = readdirSync(join(root, 'examples/servers'))

test('first-server.md shows the programs of examples/servers', () =>
  assert.deepEqual(shown.map(({ path }) => path).sort(), servers.sort()))
for (const { path, text } of shown)
  test(`examples/servers/${path} is in first-server.md as it is`, () =>
    assert.equal(text, readFileSync(join(root, 'examples/servers', path), 'utf8')))

test('the first program greets each client from another process, and answers in capitals', () =>
  withPackage(async (folder) => {
    const app = blocksOf(page('first-server.md')).find(({ path }) => path === 'app.js')?.text as string
    const file = join(folder, 'app.js')
    writeFileSync(file, app.replace('port: 9190', 'port: 0'))
    const program = new Program({ file, args: [] })
    try {
      const [, address = '', pid] = await until(
        'it listens',
        () => /^listening on (127\.0\.0\.1:\d+), process (\d+)$/m.exec(program.stdout),
        15_000,
      )
      assert.equal(Number(pid), program.pid)
      const processes = new Set<string | undefined>([pid])
      for (let count = 1; count <= 2; count++) {
        const client = await Client.connect(address)
        const said = String(await client.send('quiet\n').end().rest())
        client.close()
        const [, peer, process] = /^hello (\S+), this is process (\d+)\nQUIET\n$/.exec(said) ?? assert.fail(said)
        assert.equal(peer, client.name)
        processes.add(process)
        assert.equal(processes.size, count + 1)
      }
      process.kill(program.pid, 'SIGTERM')
      assert.deepEqual(await program.finished(), { code: 0, signal: null })
    } finally {
      if (program.ended === undefined) process.kill(program.pid, 'SIGKILL')
    }
  }))

test('the programs of serve.md compile, with the types that they are said to have', () =>
  withPackage((folder) => {
    const blocks = blocksOf(page('serve.md'))
    assert.equal(blocks.length, 2)
    for (const { path, text } of blocks) writeFileSync(join(folder, path), text)
    const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: ['node'] }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: true } }),
    )
    const tsc = spawnSync('node', [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder])
    assert.equal(tsc.status, 0, String(tsc.stdout))
  }))
