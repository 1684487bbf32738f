/**
 * Writes docs/course.md and docs/course.ko.md from the programs in examples/ and the texts of `tined course`:
 * `npm run docs:course`. With --check it only says whether they are as it would write them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { languages } from '../dist/src/cli/course/explain.js'
import { sourceOf } from '../dist/src/cli/course/files.js'
import { programNames, programs } from '../dist/src/cli/course/programs.js'

const root = new URL('..', import.meta.url)
const pages = { en: 'docs/course.md', ko: 'docs/course.ko.md' }

const fenced = (language, text) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``

const sideBySide = (name) =>
  [
    '<table>',
    '<tr><th>C</th><th>TypeScript</th></tr>',
    '<tr><td>',
    '',
    fenced('c', sourceOf(name, 'c')),
    '',
    '</td><td>',
    '',
    fenced('ts', sourceOf(name, 'ts')),
    '',
    '</td></tr>',
    '</table>',
  ].join('\n')

function section(name, { words, texts }) {
  const { title, shows, watch, mistake } = texts[name]
  const command = `tined course ${name}${programs[name] === '' ? '' : ` ${programs[name]}`}`
  return [
    `## ${name}`,
    `\`${command}\`: ${title}`,
    shows,
    sideBySide(name),
    `**${words.watch}.** ${watch}`,
    `**${words.mistake}.** ${mistake}`,
  ].join('\n\n')
}

/** The page between its hand-written beginning and end. */
function pageOf(language) {
  const text = languages[language]
  const [before, after] = readFileSync(new URL(`scripts/course-docs/${language}.md`, root), 'utf8').split(
    '<!-- programs -->\n',
  )
  const list = programNames.map((name) => `- [${name}](#${name}): ${text.texts[name].title}`).join('\n')
  const sections = programNames.map((name) => section(name, text)).join('\n\n')
  return `${before}${list}\n\n${sections}\n${after}`
}

let stale = false
for (const [language, path] of Object.entries(pages)) {
  const url = new URL(path, root)
  const page = pageOf(language)
  if (!process.argv.includes('--check')) writeFileSync(url, page)
  else if (readFileSync(url, 'utf8') !== page) {
    console.error(`${path} is not what the programs and texts say: npm run docs:course`)
    stale = true
  }
}
process.exitCode = stale ? 1 : 0
