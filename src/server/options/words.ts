/** Types of options that are words: a choice, yes or no, any text. */
import { type OptionType, shown } from './option-type.js'

function oneOf<Choice extends string>(name: string, value: unknown, choices: readonly Choice[], hint = ''): Choice {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw new TypeError(`${name}: expected ${choices.join(' or ')}, got ${shown(value)}${hint}`)
  return found
}

/**
 * @param alsoTyped short forms that a user may type; the command turns them into what they are short for
 * @param insteadOfWord what a program may have meant that gave no word at all
 */
export function choice<Choice extends string>(
  choices: readonly Choice[],
  alsoTyped: readonly string[] = [],
  insteadOfWord?: string,
): OptionType<Choice> {
  const typed = [...choices, ...alsoTyped]
  return {
    words: choices.map((word) => `\`${word}\``).join(', '),
    choices: typed,
    check: (name, value) =>
      oneOf(name, value, choices, insteadOfWord === undefined || typeof value === 'string' ? '' : `; ${insteadOfWord}`),
    read: (name, text) => oneOf(name, text, typed) as Choice,
    show: String,
  }
}

const YES = ['1', 'true', 'yes']
const NO = ['0', 'false', 'no']

/** `true` or `false`; the bare flag is a yes. */
export const yesOrNo = (): OptionType<boolean> => ({
  words: '`true` or `false`',
  check(name, value) {
    if (typeof value !== 'boolean') throw new TypeError(`${name}: expected true or false, got ${shown(value)}`)
    return value
  },
  read(name, text) {
    if (!YES.includes(text) && !NO.includes(text))
      throw new TypeError(`${name}: expected ${YES.join(', ')} or ${NO.join(', ')}, got ${JSON.stringify(text)}`)
    return YES.includes(text)
  },
  show: String,
})

function notEmpty(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw new TypeError(`${name}: expected a non-empty string, got ${shown(value)}`)
}

/** Any text but none. */
export const text = (): OptionType<string> => ({
  words: 'text',
  check: notEmpty,
  read: notEmpty,
  show: String,
})

/** Bytes, or text for its UTF-8, but not none. */
export const bytes = (): OptionType<string | Uint8Array, Uint8Array> => ({
  words: 'a string or bytes',
  check(name, value) {
    const given = typeof value === 'string' ? Buffer.from(value) : value
    if (given instanceof Uint8Array && given.length > 0) return given
    throw new TypeError(`${name}: expected a string or a Uint8Array, not empty, got ${shown(value)}`)
  },
  read: (_name, text) => Buffer.from(text),
  show: String,
})

// biome-ignore lint/suspicious/noExplicitAny: whatever it is called with is between the option and its caller
type Callback = (...args: any[]) => unknown

/** For programs only. */
export const abortSignal = (): OptionType<AbortSignal> => ({
  words: 'an AbortSignal',
  check(name, value) {
    if (!(value instanceof AbortSignal)) throw new TypeError(`${name}: expected an AbortSignal, got ${shown(value)}`)
    return value
  },
  read(name) {
    throw new TypeError(`${name}: an AbortSignal cannot be typed`)
  },
  show: () => '',
})

/** A function; for programs only. */
export const callback = <Called extends Callback>(): OptionType<Called> => ({
  words: 'a function',
  check(name, value) {
    if (typeof value !== 'function') throw new TypeError(`${name}: expected a function, got ${shown(value)}`)
    return value as Called
  },
  read(name) {
    throw new TypeError(`${name}: a function cannot be typed`)
  },
  show: (value) => value.name,
})
