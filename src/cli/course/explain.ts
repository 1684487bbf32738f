/** What `tined course` prints: the list, and a program explained. */
import { padded, widthOf } from '../text-width.js'
import * as english from './english.js'
import { pagePath } from './files.js'
import * as korean from './korean.js'
import type { Language } from './language.js'
import { type ProgramName, programNames, programs, type Text, type Words } from './programs.js'

/** The languages that the programs are explained in. */
export const languages: Record<Language, { words: Words; texts: Record<ProgramName, Text> }> = {
  en: english,
  ko: korean,
}

const WIDTH = 100

/** Breaks a paragraph at blanks. */
function wrap(text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > WIDTH) {
      lines.push(line)
      line = word
    } else line += line === '' ? word : ` ${word}`
  }
  return [...lines, line]
}

/** A line for each program. */
export function list(language: Language): string {
  const { texts } = languages[language]
  const width = Math.max(...programNames.map((name) => name.length))
  return programNames.map((name) => `${padded(name, width)}  ${texts[name].title}\n`).join('')
}

/** A program's title, what it shows, what to watch, what to avoid, where more is; with the pid that it is going to have. */
export function explain(name: ProgramName, language: Language, pid: number): string {
  const { words, texts } = languages[language]
  const { title, shows, watch, mistake } = texts[name]
  const usage = programs[name] === '' ? name : `${name} ${programs[name]}`
  const page = `${words.page}: ${pagePath(name, language)}`
  const paragraphs = [`${usage}: ${title}`, shows, `${words.watch}: ${watch}`, `${words.mistake}: ${mistake}`, page]
  const withPid = paragraphs.map((paragraph) => paragraph.replace(/\bPID\b/g, String(pid)))
  return `${withPid.map((paragraph) => wrap(paragraph).join('\n')).join('\n\n')}\n\n`
}
