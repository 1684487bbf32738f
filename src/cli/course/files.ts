/** Where the programs of the course notes are: compiled, and as one reads them; in the language of their output and comments. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { packageRoot as root } from '../package-root.js'
import type { Language } from './language.js'
import type { ProgramName } from './programs.js'

const folderOf = (language: Language): string => `examples/${language === 'en' ? '' : `${language}/`}`

/** Of a program's source, in TypeScript or in C: in the package. */
export const sourcePath = (name: ProgramName, version: 'ts' | 'c', language: Language): string =>
  `${folderOf(language)}${version === 'c' ? `c/${name}.c` : `${name}.ts`}`

/** The compiled program, to be run by Node. */
export const compiledPath = (name: ProgramName, language: Language): string =>
  fileURLToPath(new URL(`dist/${folderOf(language)}${name}.js`, root))

/** The program as text. */
export const sourceOf = (name: ProgramName, version: 'ts' | 'c', language: Language): string =>
  readFileSync(new URL(sourcePath(name, version, language), root), 'utf8')

/** Its page in the documentation. */
export const pagePath = (name: ProgramName, language: Language): string =>
  fileURLToPath(new URL(`docs/course/${name}${language === 'en' ? '' : `.${language}`}.md`, root))
