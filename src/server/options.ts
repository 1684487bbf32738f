/** Server options: from what a program gave to what the models use. What there is stands in options/table.ts. */
import { checkEach } from './options/check.js'
import { whereItBelongs } from './options/misplaced.js'
import type { CheckedOf, NameOf, OptionTable } from './options/option.js'
import { shown } from './options/option-type.js'
import type { ServeOptions } from './options/serve-options.js'
import { serverOptions } from './options/table.js'

export { MODELS, type Model } from './options/models.js'
export type { ServeOptions } from './options/serve-options.js'

/** Options with every default filled in and every value checked. */
export interface ServerOptions extends Omit<CheckedOf<typeof serverOptions>, 'port' | 'tlsKey' | 'tlsCert'> {}

/** What is off is off in every model. */
const isAskedFor = (value: unknown): boolean => value !== undefined && value !== false

/**
 * Checks options and fills in the defaults.
 *
 * @param nameOf what errors call an option: a flag or a variable, for what was typed
 * @throws {TypeError} an unknown option, a value of the wrong type, or options that do not go together
 * @throws {RangeError} a number out of range
 */
export function checkOptions(options: ServeOptions, nameOf: NameOf = (option) => option): ServerOptions {
  const { port, tlsKey, tlsCert, ...checked } = checkEach(serverOptions, options, nameOf, whereItBelongs)
  if (port !== undefined) {
    if (options.listen !== undefined) throw new TypeError(`${nameOf('port')}: give either it or ${nameOf('listen')}`)
    checked.listen = [{ family: 'IPv4', address: '127.0.0.1', port }]
  }
  if (tlsKey !== undefined || tlsCert !== undefined) {
    if (checked.tls !== undefined) throw new TypeError(`${nameOf('tls')}: give either tls or tlsKey and tlsCert`)
    if (tlsKey === undefined) throw new TypeError(`${nameOf('tlsKey')}: expected the file of a key, got nothing`)
    if (tlsCert === undefined)
      throw new TypeError(`${nameOf('tlsCert')}: expected the file of a certificate, got nothing`)
    checked.tls = { key: tlsKey, cert: tlsCert }
  }
  const rows: [string, OptionTable[string]][] = Object.entries(serverOptions)
  for (const [name, { onlyModel }] of rows)
    if (onlyModel !== undefined && onlyModel !== checked.model && isAskedFor(options[name as keyof ServeOptions]))
      throw new TypeError(`${nameOf(name)}: only model ${onlyModel} has it, got model ${shown(checked.model)}`)
  if (checked.reusePort && checked.listen.some(({ family }) => family === 'unix'))
    throw new TypeError(`${nameOf('reusePort')}: expected IPv4 or IPv6 addresses, got a unix socket`)
  const hasFile = checked.listen.some((address) => address.family === 'unix' && !address.path.startsWith('\0'))
  for (const name of ['socketMode', 'socketOwner'] as const)
    if (checked[name] !== undefined && !hasFile)
      throw new TypeError(`${nameOf(name)}: only for the file of a unix socket, and ${nameOf('listen')} has none`)
  return checked
}
