/** Who can reach an address, and what that takes. */
import type { SocketAddress } from '../libc/address.js'
import { isLoopback } from './hosts.js'

/**
 * @param name of the flag or the variable
 * @throws {TypeError} one that no browser reaches, or that others reach, without a token
 */
export function checkReach(
  name: string,
  address: SocketAddress,
  token: string | undefined,
): { host: string; port: number } {
  if (address.family === 'unix') throw new TypeError(`${name}: a browser needs HOST:PORT`)
  if (token === undefined && !isLoopback(address.address))
    throw new TypeError(
      `${name}: ${address.address} is reached from other machines, and would show them every client: give a token, TINED_PAGE_TOKEN`,
    )
  return { host: address.address, port: address.port }
}
