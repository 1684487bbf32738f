/**
 * What breaks a program on purpose: by program, the lines to change in both versions, what is then seen, and why. Texts are there in
 * English and in Korean. test/course/exercises.test.ts makes each change, and runs it.
 */
import { sourcePath } from '../../dist/src/cli/course/files.js'
import * as multiplexing from './exercises/multiplexing.mjs'
import * as pipes from './exercises/pipes.mjs'
import * as processes from './exercises/processes.mjs'
import * as servers from './exercises/servers.mjs'
import * as signals from './exercises/signals.mjs'
import { words } from './words.mjs'

export const exercises = { ...processes, ...signals, ...servers, ...pipes, ...multiplexing }

/** The change as it is in the sources of a language, whose comments and strings are its own. */
export const changeIn = (language, change, korean = {}) =>
  language === 'ko' ? Object.entries(korean).reduce((text, [from, to]) => text.replaceAll(from, to), change) : change

const console = (name, { args = [], hangs = false, endless = false }, seen, complaint) =>
  [
    '```console',
    `$ ./${[name, ...args].join(' ')}`,
    seen,
    ...(complaint === undefined ? [] : [complaint]),
    ...(hangs || endless ? ['^C'] : []),
    '```',
  ].join('\n')

function exercise(name, language, each) {
  const { title, ts, c, korean, seen, seenInC, complaint, complaintInC = complaint, why } = each
  const own = words[language]
  const pick = (texts) => texts[language === 'en' ? 0 : 1]
  const change = (version, text) => {
    const path = sourcePath(name, version, language)
    return [`${own.versions[version]}, \`${path}\`:`, `\`\`\`diff ${path}\n${changeIn(language, text, korean)}\`\`\``]
  }
  const differs = seenInC !== undefined || complaintInC !== complaint
  return [
    `### ${pick(title)}`,
    ...change('ts', ts),
    ...change('c', c),
    differs ? own.seenInTypeScript : own.seen,
    console(name, each, pick(seen), complaint),
    ...(differs
      ? [own.seenInC, console(name, each, pick(seenInC ?? seen), seenInC === undefined ? complaintInC : undefined)]
      : []),
    pick(why),
  ]
}

/** @returns {string[]} the part of a program's page, in paragraphs; nothing without an exercise */
export function exercisesOn(name, language) {
  const own = exercises[name] ?? []
  if (own.length === 0) return []
  return [
    `## ${words[language].breakIt}`,
    words[language].howToBreak.replaceAll('NAME', name),
    ...own.flatMap((each) => exercise(name, language, each)),
  ]
}
