/** Every file of the repository that a comment or a page of documentation names is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import jsTokens from 'js-tokens'

const SOURCES = ['src', 'test', 'bench', 'check', 'scripts', 'examples']
const FOLDERS = [...SOURCES, 'docs', 'page', 'bin', '.ci']
/** Not ours: a name that only looks like a file's, and programs that the documentation invents for its readers. */
const FOREIGN = ['Node.js', 'app.js', 'app.ts', 'dist/app.js', '../app.js', 'program.js']

/** A path that starts in one of our folders, or a name that ends as our files do; `*` stands for any name. */
const NAME =
  /(?<![\w./*@-])(?:(?:src|test|bench|check|scripts|examples|docs|page|bin|\.ci)\/[\w./*-]*[\w*]|[\w./*-]+\.(?:ts|cts|mjs|js|md|svg|json|c|go|py|pl|sh)(?![\w(/]))/g

function allFiles(root) {
  const names = (folder, recursive) =>
    readdirSync(join(root, folder), { recursive, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(root, '/').length))
  return [names('.', false), ...FOLDERS.filter((name) => existsSync(join(root, name))).map((name) => names(name, true))]
    .flat()
    .sort()
}

/** Tokens of a language whose comments are lines that start with a hash. */
const hashTokens = (text) =>
  text.split(/(?<=\n)/).map((value) => ({ type: /^\s*#/.test(value) ? 'SingleLineComment' : 'Other', value }))

/** A page without the blocks that name the file they belong to: what these import is relative to it, and for the compiler to check. */
const withoutSources = (page) =>
  page.replace(/(?<=^```\w+ \S+\n).*?(?=^```$)/gms, (source) => source.replace(/[^\n]+/g, ''))

/** @returns {{ text: string, line: number }[]} what is written for people, by lines */
function proseIn(file, text) {
  const lines = (value, from) => value.split('\n').map((part, index) => ({ text: part, line: from + index }))
  if (file.endsWith('.md')) return lines(withoutSources(text), 1)
  const found = []
  let line = 1
  for (const { type, value } of /\.(py|pl|sh)$/.test(file) ? hashTokens(text) : jsTokens(text)) {
    if (type.endsWith('Comment')) found.push(...lines(value, line))
    line += value.split('\n').length - 1
  }
  return found
}

const isRead = (file) =>
  /^(docs\/.*|[^/]*)\.md$/.test(file) ||
  (SOURCES.some((folder) => file.startsWith(`${folder}/`)) && /\.(ts|cts|mjs|c|go|py|pl|sh)$/.test(file))

const escaped = (text) => text.replace(/[.+]/g, '\\$&')
const patternOf = (name) =>
  new RegExp(
    `(^|/)${name
      .split('**')
      .map((part) => part.split('*').map(escaped).join('[^/]*'))
      .join('.*')}(/|$)`,
  )

function isThere(name, namedIn, files) {
  // bench/peers/NAME.c stands for many
  if (FOREIGN.includes(name) || /(^|\/)[A-Z_]+(\.\w+)?$/.test(name)) return true
  // what is compiled is there by its source
  const source = name.replace(/^(?:\.\/)?dist\//, '').replace(/\.js$/, '.ts')
  const candidates = [name, source, join(dirname(namedIn), name)].map((path) => patternOf(normalize(path)))
  return files.some((file) => candidates.some((pattern) => pattern.test(file)))
}

/** Files that a page has its reader make: a block names the file that it is. One with changes names a file that is there. */
const madeBy = (file, text) =>
  file.endsWith('.md') ? Array.from(text.matchAll(/^```(?!diff )\w+ (\S+)$/gm), ([, path]) => path) : []

/** @param {string} root the checkout @returns {string[]} what is wrong; empty when nothing is */
export function checkReferences(root) {
  const files = allFiles(root)
  return files.filter(isRead).flatMap((file) => {
    const content = readFileSync(join(root, file), 'utf8')
    const known = [...files, ...madeBy(file, content)]
    return proseIn(file, content).flatMap(({ text, line }) =>
      [...text.matchAll(NAME)]
        .map(([name]) => name)
        .filter((name) => !isThere(name, file, known))
        .map((name) => `${file}:${line} names ${name}, which is not there`),
    )
  })
}
