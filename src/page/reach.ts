/** Who can reach an address, and what that takes. */
import { readAddress } from '../libc/address.js'
import { isLoopback } from './hosts.js'

/**
 * @param name of the flag or the variable
 * @param text `127.0.0.1:9191`
 * @throws {TypeError} one that cannot be, that no browser reaches, or that others reach, without a token
 */
export function readReach(name: string, text: string, token: string | undefined): { host: string; port: number } {
  const address = readAddress(name, text, { unix: false, port: 9191 })
  if (address.family === 'unix') throw new TypeError(`${name}: a browser needs HOST:PORT`)
  if (token === undefined && !isLoopback(address.address))
    throw new TypeError(
      `${name}: ${address.address} is reached from other machines, and would show them every client: give a token, TINED_PAGE_TOKEN`,
    )
  return { host: address.address, port: address.port }
}
