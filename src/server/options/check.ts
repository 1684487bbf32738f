/** Checks what was given against a table of options, and fills in the defaults. */
import { nearest } from './nearest.js'
import type { CheckedOf, NameOf, OptionsOf, OptionTable } from './option.js'
import { shown } from './option-type.js'

/** What to say of a name that is no option, given all that were given; undefined for what the names of the table say. */
export type Explain = (name: string, given: readonly string[]) => string | undefined

/** @throws {TypeError} no object, or one with a name that the table does not have */
function refuseUnknown(table: OptionTable, given: unknown, explain: Explain): asserts given is Record<string, unknown> {
  if (typeof given !== 'object' || given === null)
    throw new TypeError(`options: expected an object, got ${shown(given)}`)
  const names = Object.keys(table)
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue
    const words = explain(name, Object.keys(given))
    if (words !== undefined) throw new TypeError(`${name}: no such option; ${words}`)
    const near = nearest(name, names)
    const hint = near === undefined ? '' : `; did you mean ${near}?`
    throw new TypeError(`${name}: no such option; expected one of ${names.join(', ')}${hint}`)
  }
}

/**
 * Checks each option by itself; rules between options are up to the caller.
 *
 * @throws {TypeError} an unknown option, or a value of the wrong type
 * @throws {RangeError} a number out of range
 */
export function checkEach<Table extends OptionTable>(
  table: Table,
  options: OptionsOf<Table>,
  nameOf: NameOf,
  explain: Explain = () => undefined,
): CheckedOf<Table> {
  const given: unknown = options
  refuseUnknown(table, given, explain)
  const checked: Record<string, unknown> = {}
  for (const [name, { type, default: fallback, required, notAbove }] of Object.entries(table)) {
    const value = given[name] === undefined ? fallback : given[name]
    const most = notAbove === undefined ? undefined : (checked[notAbove] as number)
    checked[name] = value === undefined && required === undefined ? undefined : type.check(nameOf(name), value, most)
  }
  return checked as CheckedOf<Table>
}
