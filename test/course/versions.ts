/** The two versions of a program of the course notes: the C one, compiled here, and the TypeScript one. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProgramName } from '../../src/cli/course/programs.js'
import { noCompiler } from '../harness/compiler.js'
import type { Launch } from '../harness/program.js'

const root = new URL('../../../', import.meta.url)

export interface Version {
  language: 'C' | 'TypeScript'
  /** Why it cannot be run here. */
  skip: string | false
  /** Compiles it if need be; before the first program runs, as it keeps the test from reading what others print. */
  program(name: ProgramName): Omit<Launch, 'args'>
}

let folder: string | undefined

function compile(name: ProgramName): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'tined-course-'))
    process.on('exit', () => rmSync(made, { recursive: true, force: true }))
    folder = made
  }
  const program = join(folder, name)
  const source = fileURLToPath(new URL(`examples/c/${name}.c`, root))
  execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-o', program, source], { stdio: ['ignore', 'ignore', 'inherit'] })
  return program
}

export const versions: readonly Version[] = [
  {
    language: 'C',
    skip: noCompiler,
    program: (name) => ({ file: compile(name), native: true }),
  },
  {
    language: 'TypeScript',
    skip: false,
    program: (name) => ({ file: fileURLToPath(new URL(`dist/examples/${name}.js`, root)) }),
  },
]
