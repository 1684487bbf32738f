/** The tables of calls and of slips: on a page of their own, and each row with the first program that makes its call. */
import { readFileSync } from 'node:fs'
import { sourceOf } from '../../dist/src/cli/course/files.js'
import { programNames } from '../../dist/src/cli/course/programs.js'

/** A slip says before its row which call it is about. */
const SLIP = /^(\w+): (\|.*)$/gm
const PROTOTYPE = /^\| `[^`]*?\b(\w+)\(/

const textIn = (language) => readFileSync(new URL(`${language}/calls.md`, import.meta.url), 'utf8')

export const callsPage = (language) => textIn(language).replace(SLIP, '$2')

/** Calls that a program makes before the one that teaches them. */
const TAUGHT_LATER = { fd_copies: /^(select|FD_)/ }

const firstToMake = (call) =>
  programNames.find(
    (name) => !TAUGHT_LATER[name]?.test(call) && new RegExp(`\\b${call}\\(`).test(sourceOf(name, 'c', 'en')),
  )

/** @returns {string[]} a table's rows for this program under the table's head; nothing without a row */
function table(head, rows, program) {
  const own = rows.filter(({ call }) => firstToMake(call) === program).map(({ row }) => row)
  return own.length === 0 ? [] : [[...head, ...own].join('\n')]
}

/** @returns {{ calls: string[], slips: string[] }} */
export function tablesFor(program, language) {
  const [calls, slips] = textIn(language)
    .split(/^## /m)
    .map((part) => ({ text: part, head: part.split('\n').filter((line) => line.startsWith('|')) }))
  return {
    calls: table(
      calls.head.slice(0, 2),
      calls.head.slice(2).map((row) => ({ row, call: PROTOTYPE.exec(row)?.[1] })),
      program,
    ),
    slips: table(
      slips.head.slice(0, 2),
      Array.from(slips.text.matchAll(SLIP), ([, call, row]) => ({ row, call })),
      program,
    ),
  }
}
