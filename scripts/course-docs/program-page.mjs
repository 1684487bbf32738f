/** The page of one program: what it shows, both versions, what to watch, what goes wrong, and the calls that are new. */
import { languages } from '../../dist/src/cli/course/explain.js'
import { sourceOf } from '../../dist/src/cli/course/files.js'
import { programNames, programs } from '../../dist/src/cli/course/programs.js'
import { tablesFor } from './calls.mjs'
import { exercisesOn } from './exercises.mjs'
import { pictureOn } from './pictures.mjs'
import { words } from './words.mjs'

const fenced = (language, text) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``

const sideBySide = (name, language) =>
  [
    '<table>',
    '<tr><th>C</th><th>TypeScript</th></tr>',
    '<tr><td>',
    '',
    fenced('c', sourceOf(name, 'c', language)),
    '',
    '</td><td>',
    '',
    fenced('ts', sourceOf(name, 'ts', language)),
    '',
    '</td></tr>',
    '</table>',
  ].join('\n')

/** `zombie.md`, `zombie.ko.md` */
export const fileOf = (name, language) => `${name}${language === 'en' ? '' : `.${language}`}.md`

/** To the other language, the index, and the programs before and after. */
export function navigation(name, language) {
  const { other, index, before, next } = words[language]
  const at = programNames.indexOf(name)
  const step = (word, to) => (to === undefined ? [] : [`${word}: [${to}](${fileOf(to, language)})`])
  return [
    `[${other}](${fileOf(name, language === 'en' ? 'ko' : 'en')})`,
    `[${index}](../${fileOf('course', language)})`,
    ...(at < 0 ? [] : [...step(before, programNames[at - 1]), ...step(next, programNames[at + 1])]),
  ].join(' · ')
}

export function programPage(name, language) {
  const { words: said, texts } = languages[language]
  const { title, shows, watch, mistake } = texts[name]
  const own = words[language]
  const { calls, slips } = tablesFor(name, language)
  const part = (heading, blocks, ...rest) => (blocks.length === 0 ? [] : [`## ${heading}`, ...blocks, ...rest])
  return `${[
    `# ${name}`,
    navigation(name, language),
    `**${title}**`,
    shows,
    ...pictureOn(name, language),
    `${own.run}: \`${`tined course ${name} ${programs[name]}`.trimEnd()}\``,
    sideBySide(name, language),
    `**${said.watch}.** ${watch}`,
    `**${said.mistake}.** ${mistake}`,
    ...exercisesOn(name, language),
    ...part(own.newCalls, calls, own.allCalls),
    ...part(own.slips, slips),
  ].join('\n\n')}\n`
}
