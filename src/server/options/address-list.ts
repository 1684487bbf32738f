/** The type of options that are addresses, one or several. */
import { readAddress, type SocketAddress } from '../../libc/address.js'
import { type OptionType, shown } from './option-type.js'

/** `localhost` is both of this machine's own addresses, as far as it has them. */
export type ListenAddress = SocketAddress | { family: 'localhost'; port: number }

function readListenAddress(name: string, text: string): ListenAddress {
  const address = readAddress(name, text)
  return address.family !== 'unix' && text.startsWith('localhost:')
    ? { family: 'localhost', port: address.port }
    : address
}

export const addressList = (): OptionType<string | readonly string[], ListenAddress[]> => ({
  words: '`HOST:PORT`, `[IPv6]:PORT`, `PORT` or `unix:PATH`, or a list of them',
  isList: true,
  check(name, value) {
    const list: unknown = typeof value === 'string' ? [value] : value
    if (!Array.isArray(list) || list.length === 0)
      throw new TypeError(`${name}: expected an address or a list of them, got ${shown(value)}`)
    return list.map((address: unknown) => {
      if (typeof address !== 'string') throw new TypeError(`${name}: expected an address, got ${shown(address)}`)
      return readListenAddress(name, address)
    })
  },
  read(name, text) {
    readAddress(name, text)
    return text
  },
  show: (value) => (typeof value === 'string' ? value : value.join(',')),
})
