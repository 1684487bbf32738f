/** Requests of Node's that are under way, in words. */
import { activeRequests } from '../engine/loop.js'

const NAMED: readonly [resource: RegExp, words: string][] = [
  [/^FSReq|^FileHandleCloseReq|^CloseReq/, 'file system'],
  [/^GetAddrInfo|^GetNameInfo/, 'dns.lookup'],
  [/^Query/, 'dns.resolve'],
]

/** `3 requests are in flight in Node's loop (file system, dns.lookup)`; undefined when none is. */
export function requestsInFlight(): string | undefined {
  const count = activeRequests()
  if (count === 0) return undefined
  const resources = process.getActiveResourcesInfo()
  const named = NAMED.filter(([resource]) => resources.some((name) => resource.test(name))).map(([, words]) => words)
  const listed = resources.filter((name) => NAMED.some(([resource]) => resource.test(name))).length
  // Node's list leaves out what is done in its thread pool for these
  if (listed < count) named.push(named.length === 0 ? 'crypto, zlib, a file or DNS' : 'crypto or zlib')
  return `${count} request${count === 1 ? ' is' : 's are'} in flight in Node's loop (${named.join(', ')})`
}
