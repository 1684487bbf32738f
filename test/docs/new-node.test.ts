/** docs/new-node.md says of what touches Node's inside what is in the code. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
/** A file, or all files of a folder. */
function read(path: string): string {
  if (!statSync(join(root, path)).isDirectory()) return readFileSync(join(root, path), 'utf8')
  const names = readdirSync(join(root, path))
  return names.map((name) => read(`${path}/${name}`)).join('\n')
}
const page = read('docs/new-node.md')

interface Section {
  path: string
  text: string
  /** The part that says what the file takes for granted. */
  reliesOn: string
}

const sections: Section[] = page
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [path = '', ...lines] = section.split('\n')
    const text = lines.join('\n').replace(/^```.*?^```$/gms, '')
    return { path, text, reliesOn: /\*\*Relies on\*\*(.*?)\*\*Seen by\*\*/s.exec(text)?.[1] ?? '' }
  })

const spansIn = (text: string): string[] => Array.from(text.matchAll(/`([^`]+)`/g), ([, span = '']) => span)
const isPath = (span: string): boolean => /^[\w./-]+\/[\w.-]+$/.test(span) && existsSync(join(root, span))
/** What a reader types, and names of things that the page explains. Scripts and files are checked by other tests. */
const isCommand = (span: string): boolean =>
  /^(npm run |tined |fork\(\)|posix\.main\(\)|ps$|stop-start$|_exit$|voluntary_)/.test(span)
const isOfKernel = (span: string): boolean => span.startsWith('/proc/PID')

/** Files that the section names, its own first. Folders have nothing to quote. */
const filesOf = ({ path, text }: Section): string[] => [
  path,
  ...spansIn(text).filter((span) => isPath(span) && /\.\w+$/.test(span)),
]

test('every file of src/engine has a section, which says what it relies on, how one sees it, and what happens else', () => {
  const files = readdirSync(join(root, 'src/engine'), { recursive: true }).map((name) => `src/engine/${name}`)
  const described = sections.map(({ path }) => path)
  assert.deepEqual(
    files.filter(
      (path) => path.endsWith('.ts') && !described.some((each) => each === path || path.startsWith(`${each}/`)),
    ),
    [],
  )
  for (const { path, text, reliesOn } of sections)
    assert.ok(reliesOn !== '' && /\*\*If not\*\*/.test(text), `${path}: Relies on, Seen by, If not`)
})

/** Symbols of the binary, functions of libuv, flags of V8, words of its test language. */
const INSIDE = [/'(_Z\w+)'/g, /\b(uv_\w+)\(/g, /'(uv_\w+)'/g, /'(--[\w=-]+)'/g, /wordOfV8\('(\w+)'\)/g]

describe('what a file takes for granted', () => {
  for (const section of sections) {
    const { path, reliesOn, text } = section

    test(`${path}: what the page says it relies on is in it`, () => {
      const source = read(path)
      const quoted = spansIn(reliesOn).filter((span) => !isPath(span))
      assert.deepEqual(
        quoted.filter((span) => !source.includes(span)),
        [],
      )
    })

    test(`${path}: what else the page quotes is in a file that it names beside it`, () => {
      const sources = filesOf(section).map(read)
      const quoted = spansIn(text).filter((span) => !isPath(span) && !isCommand(span) && !isOfKernel(span))
      assert.deepEqual(
        quoted.filter((span) => !sources.some((source) => source.includes(span))),
        [],
      )
    })

    if (path.startsWith('src/engine/'))
      test(`${path}: the page says every symbol and flag that is in it`, () => {
        const source = read(path)
        const inside = INSIDE.flatMap((form) => Array.from(source.matchAll(form), ([, name = '']) => name))
        const quoted = spansIn(reliesOn)
        assert.deepEqual(
          [...new Set(inside)].filter((name) => !quoted.includes(name)),
          [],
        )
      })
  }
})

test('every list of versions has those of scripts/nodes.mjs', () => {
  const [, list = ''] = /const versions = \{(.*)\}/.exec(read('scripts/nodes.mjs')) ?? []
  const majors = Array.from(list.matchAll(/(\d+):/g), ([, major = '']) => major)
  assert.ok(majors.length > 0)
  const step = /\*\*The lists\.\*\*.*?CHANGELOG/s.exec(page)?.[0] ?? ''
  const files = spansIn(step).filter((span) => span !== 'scripts/nodes.mjs')
  assert.ok(files.length >= 5, 'the step names them')
  for (const file of files)
    assert.match(
      read(file),
      new RegExp(majors.join('(\\.\\d+ or later)?(,|,? or|,? and)? ?')),
      `${file}: ${majors.join(', ')}`,
    )
})
