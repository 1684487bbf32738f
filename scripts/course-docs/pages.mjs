/** Every file of the course's pages by its path: the index, one for each program, the calls, the differences, the pictures. */
import { readFileSync } from 'node:fs'
import { languages } from '../../dist/src/cli/course/explain.js'
import { programNames } from '../../dist/src/cli/course/programs.js'
import { callsPage } from './calls.mjs'
import { drawnIn } from './pictures.mjs'
import { fileOf, navigation, programPage } from './program-page.mjs'
import { sectionsIn } from './sections.mjs'
import { words } from './words.mjs'

const textOf = (name, language) => readFileSync(new URL(`${language}/${name}.md`, import.meta.url), 'utf8')

/** Between its hand-written beginning and end: the programs by sections, and what there is besides. */
function indexPage(language) {
  const { texts } = languages[language]
  const link = (name) => `[${name}](course/${fileOf(name, language)})`
  const own = words[language]
  const sections = sectionsIn(language).map(
    ({ title, programs }) =>
      `## ${title}\n\n${programs.map((name) => `- ${link(name)}: ${texts[name].title}`).join('\n')}\n`,
  )
  const more = ['calls', 'differences'].map((name) => `- ${link(name)}: ${own[name]}`)
  return textOf('index', language).replace(
    '<!-- programs -->\n',
    () => `${sections.join('\n')}\n## ${own.more}\n\n${more.join('\n')}\n`,
  )
}

/** Navigation under the heading. */
const navigable = (page, name, language) => page.replace(/^(# .*\n)\n/, `$1\n${navigation(name, language)}\n\n`)

/** @returns {Map<string, string>} by path in the checkout */
export function coursePages() {
  const pages = new Map()
  for (const language of Object.keys(languages)) {
    const add = (name, page) => pages.set(`docs/course/${fileOf(name, language)}`, page)
    pages.set(`docs/${fileOf('course', language)}`, indexPage(language))
    for (const name of programNames) add(name, programPage(name, language))
    for (const [file, svg] of drawnIn(language)) pages.set(`docs/course/${file}`, svg)
    add('calls', navigable(callsPage(language), 'calls', language))
    add('differences', navigable(textOf('differences', language), 'differences', language))
  }
  return pages
}
