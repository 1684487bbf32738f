/** A handler that was written among the options of `serve()`, as many other servers want it. */
import { HANDLER_NAMES } from '../check-handler.js'

const isOfHandler = (name: string): boolean => name === 'handler' || HANDLER_NAMES.includes(name)

/**
 * What to say of a name that is no option, because it belongs into the second argument; undefined for any other.
 *
 * @param given all names among the options
 */
export function whereItBelongs(name: string, given: readonly string[]): string | undefined {
  if (!isOfHandler(name)) return undefined
  const callbacks = given.filter((each) => HANDLER_NAMES.includes(each))
  const options = given.filter((each) => !isOfHandler(each))
  const list = (names: readonly string[]): string => (names.length === 0 ? '{}' : `{ ${names.join(', ')} }`)
  const handler = given.includes('handler') ? 'handler' : list(callbacks)
  return `the handler is the second argument of serve(): serve(${list(options)}, ${handler})`
}
