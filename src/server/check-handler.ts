/** Checks what a program gives as its handler. */
import type { ConnectionHandler, Handler } from './connection/contract.js'
import { nearest } from './options/nearest.js'
import { shown } from './options/option-type.js'

const LOOPS: readonly unknown[] = ['none', 'node']

/** What a handler may have; does not compile when the contract has another. */
const KEYS: Readonly<Record<keyof ConnectionHandler, 'callback' | 'loop'>> = {
  loop: 'loop',
  open: 'callback',
  data: 'callback',
  drain: 'callback',
  end: 'callback',
  draining: 'callback',
  error: 'callback',
  close: 'callback',
}
/** Whatever an object may have that is a handler. */
export const HANDLER_NAMES: readonly string[] = Object.keys(KEYS)
const callbacks = HANDLER_NAMES.filter(
  (name) => KEYS[name as keyof typeof KEYS] === 'callback',
) as (keyof ConnectionHandler)[]

/** The user's functions that a handler is made of. */
export const functionsOf = (handler: Handler): ((...values: never[]) => unknown)[] =>
  typeof handler === 'function'
    ? [handler]
    : callbacks.flatMap((name) => (handler[name] as ((...values: never[]) => unknown) | undefined) ?? [])

const isPlain = (handler: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(handler)
  return prototype === Object.prototype || prototype === null
}

function refuseUnknown(name: string): never {
  const near = nearest(name, HANDLER_NAMES)
  const hint = near === undefined ? '; what it is to keep is kept by an object of a class' : `; did you mean ${near}?`
  throw new TypeError(`handler: ${name}: no such callback; expected some of ${HANDLER_NAMES.join(', ')}${hint}`)
}

/**
 * A handler that is an object of a class may have members of its own, one that is written as an object may not: there another name
 * is a slip, and the callback would never be called.
 *
 * @throws {TypeError} no handler, an unknown name with the nearest that there is, or a value of the wrong type
 */
export function checkHandler(handler: unknown): asserts handler is Handler {
  if (typeof handler === 'function') return
  if (typeof handler !== 'object' || handler === null)
    throw new TypeError(`handler: expected a function or an object of callbacks, got ${shown(handler)}`)
  if (isPlain(handler)) for (const name of Object.keys(handler)) if (!HANDLER_NAMES.includes(name)) refuseUnknown(name)
  for (const [name, kind] of Object.entries(KEYS)) {
    const value: unknown = handler[name as keyof typeof handler]
    if (value === undefined) continue
    if (kind === 'loop' && !LOOPS.includes(value))
      throw new TypeError(`handler: loop: expected none or node, got ${shown(value)}`)
    if (kind === 'callback' && typeof value !== 'function')
      throw new TypeError(`handler: ${name}: expected a function, got ${shown(value)}`)
  }
}
