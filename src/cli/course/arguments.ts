/** Checks what is typed for a program of the course, which like its version in C takes any number for good. */
import { wholeNumber } from '../../server/options/numbers.js'
import { type ProgramName, programs } from './programs.js'

/** Ranges of the arguments that are numbers. */
const NUMBERS: Record<string, [least: number, most: number]> = {
  SECONDS: [0, 1_000_000],
  PORT: [0, 65_535],
  MESSAGES: [0, 1_000_000],
}

/** @throws {TypeError} {RangeError} what is no such number, or one too many */
export function checkArguments(program: ProgramName, args: readonly string[]): void {
  const names = programs[program].split(' ').flatMap((name) => (name === '' ? [] : name.slice(1, -1)))
  for (const [index, text] of args.entries()) {
    const name = names[index]
    if (name === undefined)
      throw new TypeError(`${program}: expected ${names.join(' ') || 'no arguments'}, got ${args.join(' ')}`)
    const range = NUMBERS[name]
    if (range !== undefined) wholeNumber(...range).read(`${program}: ${name}`, text)
  }
}
