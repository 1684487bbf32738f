/** Types of options that are numbers: counts, descriptors, times and sizes. A program gives milliseconds and bytes. */
import { type OptionType, shown, shownTyped } from './option-type.js'

interface NumberForm {
  /** `whole number of bytes` */
  noun: string
  /** What is expected of a user. */
  typed: string
  /** ` like 64k`, where that is not plain. */
  like?: string
  /** Undefined for what is no number of this form. */
  parse(text: string): number | undefined
  show(value: number): string
}

function numberType(form: NumberForm, least: number, most: number): OptionType<number> {
  const { noun, typed, like = '', parse, show } = form
  const range = (to: number, showEnd: (end: number) => string): string => {
    if (to < Number.POSITIVE_INFINITY) return ` from ${showEnd(least)} to ${showEnd(to)}`
    return least > 0 ? ` of at least ${showEnd(least)}` : ''
  }
  return {
    words: `${noun}${range(most, String)}`,
    check(name, value, ceiling = most) {
      if (typeof value !== 'number')
        throw new TypeError(`${name}: expected a ${noun}, got ${shown(value)} (${typeof value})`)
      const highest = Math.min(most, ceiling)
      if (!Number.isInteger(value) || value < least || value > highest)
        throw new RangeError(`${name}: expected a ${noun}${range(highest, String)}, got ${value}`)
      return value
    },
    read(name, text) {
      const value = parse(text)
      const limits = range(most, show)
      const comma = like !== '' && limits !== '' ? ',' : ''
      const expected = `${name}: expected ${typed}${like}${comma}${limits}, got ${shownTyped(text)}`
      if (value === undefined) throw new TypeError(expected)
      if (value < least || value > most) throw new RangeError(expected)
      return value
    },
    show,
  }
}

const digits = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined)

const WHOLE: NumberForm = { noun: 'whole number', typed: 'a whole number', parse: digits, show: String }

/** `12` */
export const wholeNumber = (least = 0, most = Number.POSITIVE_INFINITY): OptionType<number> =>
  numberType(WHOLE, least, most)

const DESCRIPTOR: NumberForm = { noun: 'descriptor', typed: 'a descriptor', parse: digits, show: String }

/** `3`: an open descriptor of the process, standard input excepted. */
export const descriptor = (): OptionType<number> => numberType(DESCRIPTOR, 1, 1_048_576)

export const DAY_MS = 24 * 60 * 60 * 1000

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS }

const TIME: NumberForm = {
  noun: 'whole number of milliseconds',
  typed: 'a time',
  like: ' like 500ms, 30s or 5m',
  parse(text) {
    const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text)
    return match === null ? undefined : Math.round(Number(match[1]) * (UNIT_MS[match[2] ?? 's'] as number))
  },
  show(ms) {
    const unit = ['h', 'm', 's'].find((name) => ms % (UNIT_MS[name] as number) === 0) ?? 'ms'
    return ms === 0 ? '0' : `${ms / (UNIT_MS[unit] as number)}${unit}`
  },
}

/** `1500ms`, `30s`, `5m`, `1h`, `1d`; a bare number is seconds. */
export const duration = (leastMs = 0, mostMs = Number.POSITIVE_INFINITY): OptionType<number> =>
  numberType(TIME, leastMs, mostMs)

const UNIT_BYTES: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

const BYTES: NumberForm = {
  noun: 'whole number of bytes',
  typed: 'bytes',
  like: ' like 4096, 64k or 1m',
  parse(text) {
    const match = /^(\d+)([kmg]?)$/i.exec(text)
    return match === null ? undefined : Number(match[1]) * (UNIT_BYTES[(match[2] ?? '').toLowerCase()] as number)
  },
  show(bytes) {
    const unit = ['g', 'm', 'k'].find((name) => bytes % (UNIT_BYTES[name] as number) === 0) ?? ''
    return `${bytes / (UNIT_BYTES[unit] as number)}${unit}`
  },
}

/** `4096`, `64k`, `1m` */
export const byteCount = (least = 0, most = Number.POSITIVE_INFINITY): OptionType<number> =>
  numberType(BYTES, least, most)
