/** What README and the greeting tell to type works where nothing but Node is installed beside what every Debian has. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Of the essential packages of Debian, what README might use: no nc, no ps, no curl. */
const ESSENTIAL = [
  'bash',
  'cat',
  'chmod',
  'cp',
  'echo',
  'env',
  'grep',
  'head',
  'kill',
  'ls',
  'mkdir',
  'mv',
  'printf',
  'rm',
  'sed',
  'sh',
  'sleep',
  'tail',
  'true',
]

const folder = mkdtempSync(join(tmpdir(), 'tined-bare-'))
after(() => rmSync(folder, { recursive: true }))
for (const name of ESSENTIAL) {
  const path = ['/bin', '/usr/bin'].map((place) => join(place, name)).find((candidate) => existsSync(candidate))
  if (path !== undefined) symlinkSync(path, join(folder, name))
}
symlinkSync(process.execPath, join(folder, 'node'))
const bare = { PATH: folder, HOME: folder }

/** The commands of the blocks for a shell and of sessions, without their comments. */
const commandsIn = (page: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```(sh|console)\n(.*?)^```$/gms)].flatMap(
    ([, language, block = '']) =>
      block
        .split('\n')
        .filter((line) => language === 'sh' || line.startsWith('$ '))
        .map((line) => line.replace(/^\$ /, '').replace(/\s+#.*$/, ''))
        .filter((line) => line !== ''),
  )

test('README names no command that a bare Debian with Node lacks', () => {
  const known = [...ESSENTIAL, 'cd', 'node', 'npm', 'npx', 'exec']
  const named = commandsIn('README.md').flatMap((line) =>
    line.split(/\||&&|;/).map(
      (part) =>
        part
          .trim()
          .replace(/^(?:\w+=\S* )+/, '')
          .split(' ')[0],
    ),
  )
  assert.ok(named.includes('npm') && named.includes('npx'), 'the search finds what is there')
  assert.deepEqual(
    named.filter((name) => !known.includes(name ?? '')),
    [],
  )
})

for (const [command, flags] of [
  ['echo', []],
  ['store', ['--to', 'FOLDER/messages.ndjson']],
  ['store', ['--to', 'text:FOLDER/lines of text']],
] as const)
  for (const listen of ['127.0.0.1:0', '*:0', '[::1]:0', 'unix:FOLDER/a socket'])
    test(`what tined ${[command, ...flags].join(' ')} tells to try works (${listen})`, async () => {
      const args = [...flags, '--listen', listen].map((word) => word.replace('FOLDER', folder))
      await withServer(tined(command, ...args), async (server) => {
        const said = (what: string): string => new RegExp(`^  ${what} +(.*)$`, 'm').exec(server.stderr)?.[1] ?? ''
        await until('the greeting', () => said('stop') !== '' || undefined)
        const type = (line: string): string =>
          execFileSync('sh', ['-c', line], { cwd: root, env: bare, encoding: 'utf8', timeout: 20_000 })
        assert.equal(type(said('try')), 'hello\n')
        if (command === 'store') assert.match(type(said('then')), /hello\n$/)
      })
    })

test('npm start that is ended by Ctrl-C in a terminal has status 0, as README says', {
  skip: spawnSync('script', ['--version']).status === 0 ? false : 'script(1) is not installed',
}, async () => {
  const project = mkdtempSync(join(tmpdir(), 'tined-npm-'))
  try {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
    const start = scripts.start.replace(/^.*exec bin/, `node -v >/dev/null && exec ${root}bin`)
    assert.match(start, /bin\/tined store /)
    writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, scripts: { start } }))
    const launch = {
      ...tined(),
      native: true,
      file: 'sh',
      args: ['-c', `cd ${project} && exec script -qfec 'exec npm start' /dev/null`],
      env: { TINED_LISTEN: '127.0.0.1:0', PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
    }
    await withServer(launch, async (server) => {
      await until('where its page is', () => /^ {2}page +http:\/\/127\.0\.0\.1:\d+\/\r?$/m.test(server.stdout))
      server.child.stdin?.write('\x03')
      assert.deepEqual(await server.finished(), { code: 0, signal: null })
    })
  } finally {
    rmSync(project, { recursive: true })
  }
})

test('with 32 descriptors it starts, or says in one line what it takes', async () => {
  const script = 'ulimit -n 32; exec "$@"'
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', script, 'sh', process.execPath, join(root, 'bin/tined'), 'version'],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0)
    assert.equal(stderr, 'tined: fatal: too many open files while it starts: 256 are enough, ulimit -n 256\n')
  assert.ok([0, 111].includes(status ?? -1), `${status}`)
})
