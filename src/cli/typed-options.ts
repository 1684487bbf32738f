/** A table of options on the command line: its flags and `--help`, its TINED_* variables, and what was typed for either. */
import { type Command, Option } from 'commander'
import { longOf, type NameOf, type OptionTable, variableOf } from '../server/options/option.js'

/** Adds the options of a table that have a flag. Values stay text here: the table reads them, in words of its own. */
export function addOptions(command: Command, table: OptionTable): Command {
  for (const { flag, help, type, variable, required, default: fallback, commandDefault = fallback } of Object.values(
    table,
  )) {
    if (flag === undefined) continue
    const option = new Option(flag, required ? `${help}; must be given` : help)
    if (variable !== false) option.env(variableOf(flag))
    if (type.choices !== undefined) option.argChoices = [...type.choices]
    if (commandDefault !== undefined && !option.isBoolean()) {
      const text = type.show(commandDefault)
      option.default(type.isList ? [text] : text, JSON.stringify(text))
    }
    command.addOption(option)
  }
  return command
}

/** What was typed, and as what. */
export interface Typed {
  /** By their names in the table; without those that were not typed and whose default is that of programs. */
  values: Record<string, unknown>
  nameOf: NameOf
}

/** @throws {TypeError} {RangeError} what cannot be, by the name of its flag or variable */
export function typedOptions(command: Command, table: OptionTable): Typed {
  const values: Record<string, unknown> = {}
  const names = new Map<string, string>()
  for (const [option, { flag, type, commandDefault, required }] of Object.entries(table)) {
    if (flag === undefined) continue
    const attribute = new Option(flag).attributeName()
    const fromVariable = command.getOptionValueSource(attribute) === 'env'
    const name = fromVariable ? variableOf(flag) : longOf(flag)
    names.set(option, name)
    const typed = fromVariable ? fromEnvironment(name, type.isList) : fromFlag(command, attribute)
    if (typed === undefined) {
      if (required) throw new TypeError(`${name}: expected ${type.words.replaceAll('`', '')}, got nothing`)
      if (commandDefault !== undefined) values[option] = commandDefault
    } else if (typeof typed === 'object') values[option] = typed.map((text) => type.read(name, text))
    else values[option] = typed === true || type.read(name, typed)
  }
  return { values, nameOf: (option) => names.get(option) ?? option }
}

/** Text, several texts for a list, or true for a flag without a value. */
type TypedText = string | readonly string[] | true

function fromFlag(command: Command, attribute: string): TypedText | undefined {
  return command.getOptionValueSource(attribute) === 'cli'
    ? (command.getOptionValue(attribute) as TypedText)
    : undefined
}

/** One that is empty is as good as none: Docker Compose and systemd have no other way to leave one out. */
function fromEnvironment(variable: string, isList: true | undefined): string | string[] | undefined {
  const text = process.env[variable]
  if (text === undefined || text.trim() === '') return undefined
  return isList ? text.split(',').map((part) => part.trim()) : text
}
