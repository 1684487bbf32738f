/** What somebody who wrote an address that cannot be may have meant. Pure: nothing is looked up. */
import { isIP, isIPv4, isIPv6 } from 'node:net'

/** What may be suggested. */
export interface Example {
  /** Whether a unix socket will do. */
  unix: boolean
  port: number
}

export const ANY: Example = { unix: true, port: 9190 }

/** An address that is a file's, without `unix:`. */
const isPath = (text: string): boolean => /^(?:~|\.{0,2}\/|@)|^[^:]*\.sock(?:et)?$/.test(text)

/** A port alone, and how all addresses of IPv4 are written. */
const bare = (port: string): string => `${port} for this machine only, or 0.0.0.0:${port} for all of its IPv4 addresses`

function several(text: string): string | undefined {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '')
  if (parts.length < 2 || !parts.every((part) => /:?\d+$|^unix:/.test(part))) return undefined
  return `; several are given one by one, or in a variable apart by commas: ${parts.join(',')}`
}

function meant(text: string, listens: boolean, example: Example): string | undefined {
  const port = /^:(\d+)$/.exec(text)?.[1]
  if (port !== undefined) return listens ? bare(port) : port
  if (isPath(text)) return example.unix ? `unix:${text}` : undefined
  const unbracketed = /^(.+:.*):(\d+)$/.exec(text)
  if (isIPv6(unbracketed?.[1] ?? '')) return `[${unbracketed?.[1]}]:${unbracketed?.[2]}`
  const host = text.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0) return isIPv4(host) ? `${host}:${example.port}` : `[${host}]:${example.port}`
  if (text === 'localhost' || text === '*') return `${text}:${example.port}`
  return /^[a-z]+:\/\/([^/]+:\d+)\/?$/.exec(text)?.[1]
}

/**
 * `; did you mean unix:/run/x.sock?`, or nothing.
 *
 * @param listens whether it is to listen on, rather than to connect to
 */
export function addressHint(text: string, listens: boolean, example = ANY): string {
  const guess = meant(text, listens, example)
  if (guess !== undefined) return `; did you mean ${guess}?`
  if (!listens) return ''
  return several(text) ?? (/^[a-z][\w.-]*:\d+$/i.test(text) ? '; names are not looked up' : '')
}
