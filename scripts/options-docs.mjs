/**
 * Writes docs/options.md and docs/serve.md from the tables of options, the types and their doc comments: `npm run docs:options`. With
 * --check it only says whether the pages are as it would write them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { variableOf } from '../dist/src/server/options/option.js'
import { serverOptions } from '../dist/src/server/options/table.js'
import { storeOptions } from '../dist/src/services/store-options.js'
import { membersOf } from './options-docs/members.mjs'

const root = new URL('..', import.meta.url)
const read = (path) => readFileSync(new URL(path, root), 'utf8')

/** The doc comments of an interface, as the package has them and editors show them. */
function commentsOf(declaration) {
  const comments = read(declaration).matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s*(\w+)\??: /gs)
  return new Map(
    Array.from(comments, ([, comment, name]) => {
      const [meaning, stated] = comment.replace(/\s*\n\s*\*?\s*/g, ' ').split('@default')
      return [name, { meaning: meaning.trim(), stated: stated?.trim() }]
    }),
  )
}

const literal = (value) => (typeof value === 'string' ? `'${value}'` : value === undefined ? undefined : String(value))
const code = (text) => `\`${text}\``

function defaultOf({ type, default: fallback, flag, commandDefault, required }) {
  if (required) return 'must be given'
  if (fallback === undefined) return ''
  const typed = type.show(commandDefault ?? fallback)
  if (commandDefault !== undefined) return `${code(fallback)}, of the commands ${code(typed)}`
  return flag === undefined || typed === String(fallback) ? code(fallback) : `${code(fallback)}, typed ${code(typed)}`
}

function typeOf({ type, onlyModel, notAbove }) {
  const ceiling = notAbove === undefined ? '' : `, not more than ${code(notAbove)}`
  return `${type.words}${ceiling}${onlyModel === undefined ? '' : `; only model ${code(onlyModel)}`}`
}

function rowOf(name, option, comment) {
  if (comment === undefined) throw new Error(`${name}: no doc comment`)
  if (comment.stated !== literal(option.default))
    throw new Error(`${name}: its comment says @default ${comment.stated}, the table ${literal(option.default)}`)
  const { flag, variable } = option
  const names = [
    flag === undefined ? '' : code(flag),
    flag === undefined || variable === false ? '' : code(variableOf(flag)),
  ]
  return [code(name), ...names, typeOf(option), defaultOf(option), comment.meaning.replaceAll('|', '\\|')]
}

const HEADS = ['In a program', 'Flag', 'Variable', 'Type and range', 'Default', 'Meaning']

function rowsOf(options, declaration) {
  const comments = commentsOf(declaration)
  return Object.entries(options).map(([name, option]) => rowOf(name, option, comments.get(name)))
}

const markdown = (heads, rows) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`.replaceAll('  ', ' ')).join('\n')

const serverRows = rowsOf(serverOptions, 'dist/src/server/options/serve-options.d.ts')
/** Programs outside Tined cannot make a store: what it has for them alone, names included, is no business of users. */
const storeRows = rowsOf(storeOptions, 'dist/src/services/store-options.d.ts')
  .map(([, ...cells]) => cells)
  .filter(([flag]) => flag !== '')

const optionsPage = read('scripts/options-docs/page.md')
  .replace('<!-- server -->', () => markdown(HEADS, serverRows))
  .replace('<!-- store -->', () => markdown(HEADS.slice(1), storeRows))

/** Where the interfaces are that docs/serve.md shows. */
const DECLARATIONS = {
  'server/serve': ['Server'],
  'server/connection/contract': ['Connection', 'ConnectionHandler'],
  'server/connection/line-options': ['LineOptions'],
  'server/tls/options': ['KeyPair', 'TlsOptions'],
  'server/tls/agreement': ['TlsAgreement'],
  'supervisor/channel': ['ConnectionInfo', 'ConnectionEnd'],
}

let servePage = read('scripts/options-docs/serve.md')
for (const [file, names] of Object.entries(DECLARATIONS))
  for (const name of names)
    servePage = servePage.replace(`<!-- ${name} -->`, () => membersOf(read(`dist/src/${file}.d.ts`), name))

for (const [name, text] of Object.entries({ 'docs/options.md': optionsPage, 'docs/serve.md': servePage })) {
  const page = new URL(name, root)
  if (!process.argv.includes('--check')) writeFileSync(page, text)
  else if (readFileSync(page, 'utf8') !== text) {
    console.error(`${name} is not what the types and tables of options say: npm run docs:options`)
    process.exitCode = 1
  }
}
