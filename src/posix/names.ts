/** getaddrinfo, with arguments checked. */
import { type addrinfo, type Hints, getaddrinfo as lookUp } from '../libc/lookup.js'
import { int, noMore, path, struct } from './arguments/check.js'

const text = (name: string, value: string | null): void => {
  if (value !== null) path(name, value)
}

/**
 * Looks up the addresses of a host and the port of a service, as the C library does; waits for the answer, as in C. getaddrinfo(3)
 *
 * @param node a name or a numeric address; `null` for this machine (with AI_PASSIVE for all of its addresses)
 * @param service a name or a port as text, `'http'` or `'80'`; `null` for port 0
 * @param hints ai_flags (AI_PASSIVE, AI_CANONNAME, AI_NUMERICHOST, …), ai_family, ai_socktype, ai_protocol; each 0 by default
 * @returns the answers in the order in which they are to be tried; none when there is no such name
 * @throws {PosixError} EAGAIN (no server answered), EINVAL (what does not fit together), EIO, …
 */
export function getaddrinfo(node: string | null, service: string | null, hints?: Partial<Hints> | null): addrinfo[]
export function getaddrinfo(
  node: string | null,
  service: string | null,
  hints: Partial<Hints> | null = null,
  more?: unknown,
): addrinfo[] {
  noMore(more, 'getaddrinfo(node, service, hints?), which gives a list')
  text('node', node)
  text('service', service)
  const { ai_flags = 0, ai_family = 0, ai_socktype = 0, ai_protocol = 0 } = hints ?? {}
  if (hints !== null) struct('hints', hints)
  int('hints.ai_flags', ai_flags)
  int('hints.ai_family', ai_family)
  int('hints.ai_socktype', ai_socktype)
  int('hints.ai_protocol', ai_protocol)
  return lookUp(node, service, { ai_flags, ai_family, ai_socktype, ai_protocol })
}
