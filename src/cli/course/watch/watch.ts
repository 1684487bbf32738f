/** Runs a program of the course below this process, with a live table of its processes, or lines that say what changes. */
import { spawn } from 'node:child_process'
import { fail } from '../../fail.js'
import { tell } from '../../output.js'
import { compiledPath } from '../files.js'
import type { Language } from '../language.js'
import type { ProgramName, TableWords } from '../programs.js'
import { TRACED } from '../run.js'
import { Calls } from './calls.js'
import { Looks, type Row } from './rows.js'
import { Screen } from './screen.js'
import { changesOf, tableOf } from './table.js'

/** Short enough that a zombie of a moment is seen more often than not. */
const EVERY_MS = 100
/** The rule, the headings, and so many processes. */
const HEIGHT = 9

/** Signals that the terminal sends to both: the program decides. */
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'] as const
const PASSED_ON = ['SIGTERM', 'SIGHUP'] as const

export interface Watched {
  name: ProgramName
  language: Language
  args: readonly string[]
  trace: boolean
  words: TableWords
  /** Printed first; of the program's pid. */
  explain(pid: number): string
}

/** Shows rows somewhere, as often as they are looked at. */
interface Shown {
  show(rows: readonly Row[]): void
  end(): void
}

function onScreen(words: TableWords): Shown {
  const { stdout } = process
  const screen = new Screen(HEIGHT)
  screen.open(stdout.rows)
  stdout.on('resize', () => screen.resize(stdout.rows))
  return {
    show(rows) {
      const table = tableOf(rows, words, stdout.columns, HEIGHT - 1)
      screen.draw(table, stdout.columns, (line) => rows[line - 1]?.state === 'zombie')
    },
    end: () => screen.close(),
  }
}

function inLines(words: TableWords): Shown {
  let before: readonly Row[] = []
  const show = (rows: readonly Row[]): void => {
    for (const line of changesOf(rows, before, words)) tell(`watch: ${line}\n`)
    before = rows
  }
  return { show, end: () => show([]) }
}

/** Ends as the program does. */
function endAs(status: number | null, signal: NodeJS.Signals | null): void {
  if (signal === null) process.exit(status ?? 1)
  for (const each of [...FROM_TERMINAL, ...PASSED_ON]) process.removeAllListeners(each)
  process.kill(process.pid, signal)
}

export function watch({ name, language, args, trace, words, explain }: Watched): void {
  const program = spawn(process.execPath, [...process.execArgv, TRACED, compiledPath(name, language), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, TINED_COURSE_WATCHER: trace ? '3 trace' : '3' },
  })
  const { pid } = program
  program.once('error', fail)
  if (pid === undefined) return // it could not be started, as the event says
  tell(explain(pid))
  for (const signal of FROM_TERMINAL) process.on(signal, () => {})
  for (const signal of PASSED_ON) process.on(signal, () => program.kill(signal))
  const calls = new Calls()
  program.stdio[3]?.on('data', (chunk: Buffer) => calls.take(chunk.toString()))
  const looks = new Looks(pid, words, calls)
  const { isTTY, rows } = process.stdout
  const canDraw = isTTY && process.env['TERM'] !== 'dumb' && Screen.fits(rows, HEIGHT)
  const shown = canDraw ? onScreen(words) : inLines(words)
  const timer = setInterval(() => shown.show(looks.rows()), EVERY_MS)
  program.once('exit', (status, signal) => {
    clearInterval(timer)
    shown.end()
    endAs(status, signal)
  })
}
