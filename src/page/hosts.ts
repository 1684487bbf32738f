/**
 * Whom a request may name in its Host header. A page elsewhere can have its own name resolved to this machine, and would then read what
 * is here as its own (DNS rebinding); it cannot have the browser say another name.
 */
import { isIPv6 } from 'node:net'

const OWN = ['localhost', '127.0.0.1', '[::1]']

/** `[::1]`, `192.0.2.1` */
const asHost = (address: string): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  return isIPv6(plain) ? `[${plain}]` : plain
}

/** `[::1]:9191` without its port, in small letters. */
const nameIn = (host: string): string | undefined =>
  /^(\[[\da-f:.]+\]|[^:@/[\]\s]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase()

/** @param listening the address given to --listen @param arrivedAt where the connection came to: one of the machine's own */
export function isOwnHost(host: string | undefined, listening: string, arrivedAt: string | undefined): boolean {
  const name = nameIn(host ?? '')
  if (name === undefined) return false
  return [...OWN, asHost(listening), ...(arrivedAt === undefined ? [] : [asHost(arrivedAt)])].includes(name)
}

/** `127.0.0.1` and all of its network, `::1`. */
export const isLoopback = (address: string): boolean => /^127(\.\d+){3}$/.test(address) || address === '::1'
