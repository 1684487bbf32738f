/** The option `proxyProtocol`: of which peers connections begin with a header. */
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import type { SocketAddress } from '../../libc/address.js'
import { type OptionType, shown } from '../options/option-type.js'

/** Whoever comes by a unix socket. */
const UNIX = 'unix'
const EXPECTED = 'an address, NETWORK/BITS or unix'

type Family = 'ipv4' | 'ipv6'

/** Whom a server trusts to say who its client is. */
export class ProxyNetworks {
  readonly #networks = new BlockList()
  readonly #unix: boolean

  /** @param name what errors call it @throws {TypeError} {RangeError} a text that is no network */
  constructor(name: string, texts: readonly string[]) {
    this.#unix = texts.includes(UNIX)
    for (const text of texts) if (text !== UNIX) this.#add(name, text)
  }

  includes(peer: SocketAddress): boolean {
    if (peer.family === 'unix') return this.#unix
    return this.#networks.check(peer.address, peer.family === 'IPv4' ? 'ipv4' : 'ipv6')
  }

  #add(name: string, text: string): void {
    const [address = '', bits, ...more] = text.split('/')
    const family = familyOf(address)
    if (family === undefined || more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits)))
      throw new TypeError(`${name}: expected ${EXPECTED}, got ${shown(text)}`)
    const most = family === 'ipv4' ? 32 : 128
    if (bits === undefined) this.#networks.addAddress(address, family)
    else if (Number(bits) <= most) this.#networks.addSubnet(address, Number(bits), family)
    else throw new RangeError(`${name}: expected up to ${most} bits, got ${shown(text)}`)
  }
}

function familyOf(address: string): Family | undefined {
  if (isIPv4(address)) return 'ipv4'
  return isIPv6(address) && !address.includes('%') ? 'ipv6' : undefined
}

export const proxyNetworks = (): OptionType<string | readonly string[], ProxyNetworks> => ({
  words: '`ADDRESS`, `NETWORK/BITS` or `unix`, or a list of them',
  isList: true,
  check(name, value) {
    const list: unknown = typeof value === 'string' ? [value] : value
    if (!Array.isArray(list) || list.length === 0)
      throw new TypeError(`${name}: expected ${EXPECTED}, or a list of them, got ${shown(value)}`)
    for (const each of list as unknown[])
      if (typeof each !== 'string') throw new TypeError(`${name}: expected ${EXPECTED}, got ${shown(each)}`)
    return new ProxyNetworks(name, list as string[])
  },
  read(name, text) {
    new ProxyNetworks(name, [text])
    return text
  },
  show: (value) => (typeof value === 'string' ? value : value.join(',')),
})
