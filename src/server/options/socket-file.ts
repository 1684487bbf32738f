/** Types of options for the file of a unix socket: who may connect. */
import { readFileSync } from 'node:fs'
import { type OptionType, shown, shownTyped } from './option-type.js'

const MOST = 0o777
const octal = (mode: number): string => `0o${mode.toString(8)}`

/** `660`, as chmod(1) takes it; a program gives 0o660. */
export const fileMode = (): OptionType<number> => ({
  words: `file mode from 0 to ${octal(MOST)}`,
  check(name, value) {
    if (typeof value !== 'number')
      throw new TypeError(`${name}: expected a file mode like 0o660, got ${shown(value)} (${typeof value})`)
    if (!Number.isInteger(value) || value < 0 || value > MOST)
      throw new RangeError(`${name}: expected a file mode from 0 to ${octal(MOST)}, got ${value}`)
    return value
  },
  read(name, text) {
    if (!/^(?:0o)?0?[0-7]{1,3}$/.test(text))
      throw new TypeError(`${name}: expected a file mode like 660, from 0 to 777, got ${shownTyped(text)}`)
    return Number.parseInt(text.replace('0o', ''), 8)
  },
  show: (value) => value.toString(8),
})

/** Whose a file shall be; undefined leaves that as it is. */
export interface FileOwner {
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/** The number of a name in /etc/passwd or /etc/group: their third field. passwd(5), group(5) */
function numberOf(name: string, what: 'user' | 'group', of: string): number {
  if (/^\d+$/.test(of)) return Number(of)
  const file = what === 'user' ? '/etc/passwd' : '/etc/group'
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${of}:`))
  const number = line?.split(':')[2]
  if (number === undefined || !/^\d+$/.test(number))
    throw new TypeError(`${name}: expected a number, or a ${what} of ${file}, got ${shown(of)}`)
  return Number(number)
}

function readOwner(name: string, value: unknown): FileOwner {
  const match = typeof value === 'string' ? /^([^:\s]*)(?::([^:\s]+))?$/.exec(value) : null
  if (match === null || value === '')
    throw new TypeError(`${name}: expected USER, USER:GROUP or :GROUP, got ${shown(value)}`)
  const [, user = '', group] = match
  return {
    uid: user === '' ? undefined : numberOf(name, 'user', user),
    gid: group === undefined ? undefined : numberOf(name, 'group', group),
  }
}

/** `www-data`, `www-data:www-data`, `:www-data`, or numbers, as chown(1) takes them. */
export const fileOwner = (): OptionType<string, FileOwner> => ({
  words: '`USER`, `USER:GROUP` or `:GROUP`, by name or number',
  check: readOwner,
  read(name, text) {
    readOwner(name, text)
    return text
  },
  show: String,
})
