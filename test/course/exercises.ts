/** The exercises of the course's pages: a program changed as the page says, in both versions, and what is then to be seen. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { sourcePath } from '../../src/cli/course/files.js'
import type { Language } from '../../src/cli/course/language.js'
import type { ProgramName } from '../../src/cli/course/programs.js'
import { changed } from '../docs/page-blocks.js'
import type { Launch } from '../harness/program.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

type BothLanguages = readonly [english: string, korean: string]

/** As scripts/course-docs/exercises.mjs has them. */
export interface Exercise {
  title: BothLanguages
  /** Changes of the two versions, as `diff` has them. */
  ts: string
  c: string
  /** Comments and strings of the changes, by the English ones. */
  korean?: Record<string, string>
  args?: readonly string[]
  /** What is typed. */
  input?: string
  seen: BothLanguages
  seenInC?: BothLanguages
  /** @default 'status 0' */
  ends?: string
  endsInC?: string
  complaint?: string
  complaintInC?: string
  /** It waits for ever in the end. */
  hangs?: boolean
  /** It prints the last line again and again. */
  endless?: boolean
  /** Children that nobody has asked for. */
  zombies?: number
  /** A signal that waits in the end. */
  pending?: number
}

const { exercises, changeIn } = (await import(join(root, 'scripts/course-docs/exercises.mjs'))) as {
  exercises: Record<ProgramName, Exercise[]>
  changeIn(language: Language, change: string, korean?: Record<string, string>): string
}

export { exercises }

/** Which of both languages' programs is changed. */
export interface Version {
  version: 'c' | 'ts'
  language: Language
}

let folder: string | undefined

/** Where changed copies are, and `tined/posix` is found. */
function copies(): string {
  if (folder !== undefined) return folder
  const made = mkdtempSync(join(tmpdir(), 'tined-exercises-'))
  process.on('exit', () => rmSync(made, { recursive: true, force: true }))
  mkdirSync(join(made, 'node_modules'))
  symlinkSync(root, join(made, 'node_modules/tined'))
  folder = made
  return made
}

/** @throws {Error} when the lines are not as the exercise has them */
function changedSource(program: ProgramName, { ts, c, korean }: Exercise, { version, language }: Version): string {
  const path = sourcePath(program, version, language)
  const text = changeIn(language, version === 'c' ? c : ts, korean)
  return changed(readFileSync(join(root, path), 'utf8'), { path, isChange: true, text })
}

/** Makes the change and compiles it. */
export function changedProgram(program: ProgramName, exercise: Exercise, how: Version): Launch {
  const source = changedSource(program, exercise, how)
  const index = exercises[program].indexOf(exercise)
  const copy = join(copies(), `${program}-${index}-${how.language}`)
  const args = (exercise.args ?? []).map((argument) => ({ '9190': '0', 'echomsg.txt': 'FILE' })[argument] ?? argument)
  if (how.version === 'c') {
    writeFileSync(`${copy}.c`, source)
    execFileSync('cc', ['-w', '-o', copy, `${copy}.c`], { stdio: ['ignore', 'ignore', 'inherit'] })
    return { file: copy, args, native: true }
  }
  writeFileSync(`${copy}.mjs`, transformSync(source, { loader: 'ts' }).code)
  return { file: `${copy}.mjs`, args }
}
