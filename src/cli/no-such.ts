/** What is said of a name that does not exist. */
import { nearest } from '../server/options/nearest.js'

/** `course: no such program "zombi"; did you mean zombie?`, or without a near one, all that there are. */
export function noSuch(where: string, what: string, name: string, names: readonly string[]): TypeError {
  const near = nearest(name, names)
  const help = near === undefined ? `expected one of ${names.join(', ')}` : `did you mean ${near}?`
  return new TypeError(`${where}: no such ${what} ${JSON.stringify(name)}; ${help}`)
}
