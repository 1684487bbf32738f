/** Putting a function of ours in the place of one of Node's, for whoever calls it and for whoever looks at it. */
import { syncBuiltinESMExports } from 'node:module'

// biome-ignore lint/suspicious/noExplicitAny: forwards whatever arguments the replaced function takes
export type AnyFunction = (...args: any[]) => any

/** Replaces `object[name]` by what `make` makes of it, with the same name, length and properties. */
export function replaceMethod(object: object, name: string, make: (original: AnyFunction) => AnyFunction): void {
  const original = (object as Record<string, AnyFunction>)[name] as AnyFunction
  const replacement = make(original)
  for (const key of Reflect.ownKeys(original))
    Object.defineProperty(replacement, key, Object.getOwnPropertyDescriptor(original, key) as PropertyDescriptor)
  Object.defineProperty(object, name, { ...Object.getOwnPropertyDescriptor(object, name), value: replacement })
}

/** Makes what was replaced in Node's modules known to those that import it by name. */
export const publishReplacements = (): void => syncBuiltinESMExports()
