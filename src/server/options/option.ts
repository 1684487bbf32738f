/**
 * One option, and what is made of it: its type for TypeScript, its check, its flag and variable, its line of `--help`, its row of
 * docs/options.md. What it means stands in the doc comments of an interface (serve-options.ts): editors show only those.
 */
import type { OptionType } from './option-type.js'

interface OfPrograms {
  type: OptionType<unknown>
  /** What holds when nothing is given. */
  default?: unknown
  /** Nothing is taken for it when it is not given. */
  required?: true
  /** Only this model has it. */
  onlyModel?: string
  /** Another option, before it in the table, that it must not exceed. */
  notAbove?: string
}

interface OfCommandsToo extends OfPrograms {
  /** `--max-connections <count>` */
  flag: string
  help: string
  /** No variable stands for it. */
  variable?: false
  /** Of the commands, where it is not the default of `serve`. */
  commandDefault?: unknown
}

/** Without a flag it is for programs only. */
export type Option =
  | (OfPrograms & { flag?: undefined; help?: undefined; variable?: undefined; commandDefault?: undefined })
  | OfCommandsToo

export type OptionTable = Readonly<Record<string, Readonly<Option>>>

/** What the user gave or typed it as, given its name in the table. Errors call it so. */
export type NameOf = (option: string) => string

type GivenFor<Row> = Row extends { type: OptionType<infer Given, infer _Checked> } ? Given : never
type CheckedFor<Row> = Row extends { type: OptionType<infer _Given, infer Checked> }
  ? Row extends { default: unknown } | { required: true }
    ? Checked
    : Checked | undefined
  : never
type Required<Table> = { [Name in keyof Table]: Table[Name] extends { required: true } ? Name : never }[keyof Table]

/** The options of a table, as a program gives them. */
export type OptionsOf<Table> = {
  -readonly [Name in keyof Table as Exclude<Name, Required<Table>>]?: GivenFor<Table[Name]> | undefined
} & { -readonly [Name in keyof Table as Extract<Name, Required<Table>>]: GivenFor<Table[Name]> }

/** The same with every default filled in and every value checked. */
export type CheckedOf<Table> = { -readonly [Name in keyof Table]: CheckedFor<Table[Name]> }

/** `--max-connections` of `--max-connections <count>` */
export const longOf = (flag: string): string => flag.replace(/ .*/, '')

/** `TINED_MAX_CONNECTIONS` of `--max-connections <count>` */
export const variableOf = (flag: string): string =>
  `TINED_${longOf(flag).slice('--'.length).replaceAll('-', '_').toUpperCase()}`
