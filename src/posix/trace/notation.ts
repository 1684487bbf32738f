/** Values as C writes them. Pure. */
import { PosixError } from '../../libc/posix-error.js'
import { decodeStatus } from '../../libc/wait-status.js'
import { type AddressArgument, addressArgument } from '../arguments/address.js'

const MAX_BYTES = 32

/** A string literal of C, cut after 32 bytes. */
export function bytesValue(bytes: Uint8Array, length = bytes.length): string {
  const shown = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(length, MAX_BYTES))
  return `${JSON.stringify(shown.toString('utf8'))}${length > MAX_BYTES ? '…' : ''}`
}

/** Any argument. */
export function anyValue(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return value.name || 'function'
  if (value instanceof Uint8Array) return bytesValue(value)
  if (Array.isArray(value)) return `[${value.map(anyValue).join(', ')}]`
  if (typeof value !== 'object') return String(value)
  const fields = Object.entries(value).map(([name, field]) => `${name}=${anyValue(field)}`)
  return `{${fields.join(', ')}}`
}

/** What C would return: 0 for success without a value, a pid for a child that was waited for. */
export function resultValue(result: unknown): string {
  if (typeof result === 'number' || typeof result === 'bigint') return String(result)
  if (typeof result === 'boolean') return result ? '1' : '0'
  return '0'
}

/** `-1 EBADF`, or how a call was refused before the kernel saw it. */
export function failure(error: unknown): string {
  if (error instanceof PosixError) return `-1 ${error.code}`
  return `? ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`
}

/** The names of the bits that are set, out of those given; what is left over as a number. */
export function flagsValue(value: number, names: Readonly<Record<string, number>>): string {
  const set = Object.entries(names).filter(([, bits]) => bits !== 0 && (value & bits) === bits)
  const rest = set.reduce((left, [, bits]) => left & ~bits, value)
  const words = set.map(([name]) => name)
  if (rest !== 0 || words.length === 0) words.push(rest === 0 ? '0' : `0x${(rest >>> 0).toString(16)}`)
  return words.join('|')
}

/** The name of a number, out of those given. */
export const nameValue = (value: number, names: Readonly<Record<string, number>>): string =>
  Object.entries(names).find(([, number]) => number === value)?.[0] ?? String(value)

/** A wait status by the macros that would be true of it. */
export function statusValue(status: number, signalName: (signal: number) => string): string {
  const decoded = decodeStatus(status)
  switch (decoded.type) {
    case 'exited':
      return `[WIFEXITED, WEXITSTATUS=${decoded.code}]`
    case 'signaled':
      return `[WIFSIGNALED, WTERMSIG=${signalName(decoded.signal)}]`
    case 'stopped':
      return `[WIFSTOPPED, WSTOPSIG=${signalName(decoded.signal)}]`
    case 'continued':
      return '[WIFCONTINUED]'
  }
}

/** `{AF_INET, "127.0.0.1", 9190}` */
export function addressValue(given: AddressArgument): string {
  const address = 'sin_family' in given ? addressArgument(given) : given
  if ('path' in address) return `{AF_UNIX, ${JSON.stringify(address.path)}}`
  const host = 'host' in address ? address.host : address.address
  return `{${host.includes(':') ? 'AF_INET6' : 'AF_INET'}, ${JSON.stringify(host)}, ${address.port}}`
}
