/** The documentation points at things that are there. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { linksIn } from './page-parts.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const pages = [
  'README.md',
  'README.ko.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'))

/** As code hosts make them of headings. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

const anchorsIn = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))

function broken(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? join(root, page) : join(root, dirname(page), path)
  return !existsSync(target) || (anchor !== undefined && !anchorsIn(target).includes(anchor))
}

for (const page of pages)
  test(`${page} links to what exists`, () => {
    const text = readFileSync(join(root, page), 'utf8')
    const relative = linksIn(text).filter((link) => !/^[a-z]+:/.test(link))
    assert.deepEqual(
      relative.filter((link) => broken(page, link)),
      [],
    )
  })

test('docs/README.md leads to every page, those about the inside last', () => {
  const index = readFileSync(join(root, 'docs/README.md'), 'utf8')
  const missing = readdirSync(join(root, 'docs')).filter(
    (name) => name.endsWith('.md') && name !== 'README.md' && !index.includes(`(${name}`),
  )
  assert.deepEqual(missing, [])
  const parts = index.split(/^## /m)
  for (const inside of ['design.md', 'dependencies.md', 'new-node.md', '../CONTRIBUTING.md'])
    assert.deepEqual(
      parts.flatMap((part, at) => (part.includes(`(${inside}`) ? [at] : [])),
      [parts.length - 1],
      inside,
    )
})

for (const suffix of ['.md', '.ko.md'])
  test(`docs/course${suffix} leads to every page of the course in its language`, () => {
    const isOurs = (name: string): boolean => name.endsWith('.ko.md') === (suffix === '.ko.md')
    const ours = readdirSync(join(root, 'docs/course')).filter((name) => name.endsWith('.md') && isOurs(name))
    assert.ok(ours.length > 15)
    const links = linksIn(readFileSync(join(root, `docs/course${suffix}`), 'utf8'))
    assert.deepEqual(
      ours.filter((name) => !links.includes(`course/${name}`)),
      [],
    )
  })

for (const page of pages)
  test(`${page} names scripts that exist`, () => {
    const text = readFileSync(join(root, page), 'utf8')
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
    const run = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
    assert.deepEqual(
      run.filter((name) => !(name in scripts)),
      [],
    )
  })

test('README lists the commands that there are, all of them', () => {
  const help = execFileSync(process.execPath, [join(root, 'bin/tined'), '--help'], { encoding: 'utf8' })
  const [, commands = ''] = /^Commands:\n((?: {2}.*\n)+)/m.exec(help) ?? []
  const names = (text: string, form: RegExp): string[] => Array.from(text.matchAll(form), ([, name = '']) => name)
  const aboutItself = ['version', 'help']
  assert.deepEqual(
    names(readFileSync(join(root, 'README.md'), 'utf8'), /^npx tined (\w+)/gm).sort(),
    names(commands, /^ {2}(\w+)/gm)
      .filter((name) => !aboutItself.includes(name))
      .sort(),
  )
})
