/** What one connection may take: time in every respect, and memory. The table of options says what each means. */
import type { SocketAddress } from '../../libc/address.js'
import type { Drain } from './drain.js'

export interface ConnectionLimits {
  /** How long a client may take to send its first byte, in milliseconds; 0 for ever. */
  readonly firstByteTimeoutMs: number
  /** How long nothing may move in either direction, in milliseconds; 0 for ever. */
  readonly idleTimeoutMs: number
  /** How long unsent bytes may wait without the client taking any, in milliseconds; 0 for ever. */
  readonly writeTimeoutMs: number
  /** How long a connection may be open, in milliseconds; 0 for ever. */
  readonly maxConnectionMs: number
  /** Unsent bytes above which a connection that is written to is lost; 0 for any number. */
  readonly maxUnsentBytes: number
  /** Told of a connection that is lost because one of these was exceeded, or in another way than that its client broke off. */
  readonly logLost?: ((connection: { id: number; peer: SocketAddress }, error: Error) => void) | undefined
}

/** What a connection is served under. */
export interface ConnectionTerms extends ConnectionLimits {
  /** Undefined where nothing ever drains. */
  readonly drain?: Drain | undefined
}

/** For whoever sets none. */
export const NO_LIMITS: ConnectionLimits = {
  firstByteTimeoutMs: 0,
  idleTimeoutMs: 0,
  writeTimeoutMs: 0,
  maxConnectionMs: 0,
  maxUnsentBytes: 0,
}

/** A deadline passed. */
export class ConnectionTimeout extends Error {
  override readonly name = 'ConnectionTimeout'
  readonly code = 'ETIMEDOUT'
}

/** The client does not take what the handler goes on to write. */
export class UnsentBytesExceeded extends Error {
  override readonly name = 'UnsentBytesExceeded'
  readonly code = 'ENOBUFS'
}

/** A line is longer than `lines({ maxBytes })` allows. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong'
  readonly code = 'EMSGSIZE'
}
