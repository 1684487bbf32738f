/** What a client is told when a connection is refused or lost: one clear word instead of a code. */
import type { PosixError } from '../libc/posix-error.js'

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection refused: nobody listens there',
  ENOENT: 'no such socket',
  ENETUNREACH: 'unreachable: there is no route to this network',
  EHOSTUNREACH: 'unreachable: there is no route to this host',
  EADDRNOTAVAIL: 'unreachable: this machine has no address to connect from',
  EAFNOSUPPORT: 'unreachable: this machine does not speak this address family',
  ETIMEDOUT: 'timed out: nobody answers',
  ECONNRESET: 'reset by the server',
  EPIPE: 'the server stopped reading before everything was sent',
  EAI_NONAME: 'name not found',
  EAI_NODATA: 'name not found: it has no address',
  EAI_AGAIN: 'name not found: no name server answers',
  EACCES: 'permission denied',
}

/** `connection refused: nobody listens there`; the message of an error that has no word here. */
export const reasonOf = (error: Error): string => WORDS[(error as PosixError).code] ?? error.message

const PASSING = [
  'ECONNREFUSED',
  'ENOENT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ECONNRESET',
  'EPIPE',
  'EAI_AGAIN',
]

/** Reports whether the same may succeed a little later. */
export const mayPass = (error: Error): boolean => PASSING.includes((error as PosixError).code)
