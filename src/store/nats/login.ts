/** Who a client of a stream is: USER:PASSWORD or TOKEN, before the `@` of an address or in a file, and never in what is shown. */
import { readFileSync } from 'node:fs'

/** Either user and password, or a token. */
export type Login = { readonly user: string; readonly password: string } | { readonly token: string }

/** An address as it may be shown: without what stands before its last `@`, also where it is no address. */
export const withoutLogin = (address: string): string => address.replace(/\/\/.*@/s, '//…@')

/** Whether an address, which is one, has a login in it. */
export const hasLogin = (address: string): boolean => /^[a-z]+:\/\/[^/?]*@/.test(address)

/** @param text `USER:PASSWORD` or `TOKEN`, each as it is */
export function loginOf(text: string): Login {
  const colon = text.indexOf(':')
  return colon < 0 ? { token: text } : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

/**
 * Reads the first line of a file.
 *
 * @throws {Error} ENOENT, EACCES, …; ENODATA when it is empty
 */
export function readLogin(path: string): Login {
  const [line = ''] = readFileSync(path, 'utf8').split(/\r?\n/)
  if (line === '')
    throw Object.assign(new Error(`${path}: expected USER:PASSWORD or a token, got nothing`), { code: 'ENODATA' })
  return loginOf(line)
}
