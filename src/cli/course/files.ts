/** Where the programs of the course notes are: compiled, and as one reads them. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { packageRoot as root } from '../package-root.js'
import type { ProgramName } from './programs.js'

/** The compiled program, to be run by Node. */
export const compiledPath = (name: ProgramName): string => fileURLToPath(new URL(`dist/examples/${name}.js`, root))

/** The program as text, in TypeScript or in C. */
export const sourceOf = (name: ProgramName, language: 'ts' | 'c'): string =>
  readFileSync(new URL(language === 'c' ? `examples/c/${name}.c` : `examples/${name}.ts`, root), 'utf8')

/** Its page in the documentation. */
export const pagePath = (name: ProgramName, language: string): string =>
  fileURLToPath(new URL(`docs/course/${name}${language === 'en' ? '' : `.${language}`}.md`, root))
