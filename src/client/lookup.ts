/** Names become addresses, in the order the resolver prefers. */
import { lookup as getaddrinfo } from 'node:dns/promises'
import type { SocketAddress } from '../libc/address.js'
import { type PosixContext, PosixError } from '../libc/posix-error.js'
import type { Destination } from './target.js'

/** getaddrinfo(3) by the numbers of libuv, whose errors are negative. */
const EAI_NONAME = 3008

/**
 * The addresses of a destination; at least one. getaddrinfo(3)
 *
 * @throws {PosixError} EAI_NONAME when there is no such name, EAI_AGAIN when no name server answers; `cause` is Node's error
 */
export async function lookup(destination: Destination): Promise<SocketAddress[]> {
  if (destination.family !== 'name') return [destination]
  const { host, port } = destination
  try {
    const found = await getaddrinfo(host, { all: true, verbatim: true })
    return found.map(({ address, family }) => ({ family: family === 6 ? 'IPv6' : 'IPv4', address, port }))
  } catch (cause) {
    const { errno = -EAI_NONAME } = cause as NodeJS.ErrnoException
    const context: PosixContext = { address: host }
    throw Object.assign(new PosixError(-errno, 'getaddrinfo', context), { cause })
  }
}
