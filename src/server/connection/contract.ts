/** What a user's handler is, and what it is given. */
import type { SocketAddress } from '../../libc/address.js'
import type { Reactor } from '../../reactor/reactor.js'

/** One connection: partial writes are finished, a half-close is told, a client that does not read is not read from. */
export interface Connection {
  /** Unique in this server; counts from 1. */
  readonly id: number
  /** Who the client is. */
  readonly peer: SocketAddress
  /** `127.0.0.1:51234` */
  readonly peerName: string
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Why the connection was lost; undefined as long as it was not. */
  readonly lost: Error | undefined
  /** Reports whether the descriptor is closed. */
  readonly closed: boolean
  /** Bytes written by the handler that the kernel has not taken yet. */
  readonly queuedBytes: number
  /** Aborted when the connection is closed, by whatever side. */
  readonly signal: AbortSignal

  /**
   * Sends bytes, in order. What the kernel does not take at once is kept, and no more is read from the client while much is kept.
   *
   * @returns true when the kernel took all; otherwise a promise of the moment when it has, for whoever wants to wait
   * @throws {PosixError} EPIPE after `end()`, or the error the connection was lost with
   */
  write(data: Uint8Array | string): true | Promise<void>
  /** Half-closes after what was written: the client sees end of file and may go on sending. */
  end(): void
  /** Ends, ignores what still comes, and closes once the client has closed too, or two seconds after all was sent. */
  finish(): void
  /**
   * Asks for time: for so long from now neither `maxConnectionMs` nor `hungMs` ends the connection, or the worker that serves it.
   *
   * @param ms milliseconds
   */
  extend(ms: number): void
  /** Closes now; unsent bytes are dropped. */
  destroy(): void
  /** Stops reading from the client: the kernel's buffer fills, then the client's `write` blocks. */
  pause(): void
  resume(): void
  /** Takes bytes by `read()` and iteration instead of the `data` callback. */
  pull(): void
  /**
   * Waits for the next bytes; `undefined` at end of file. The client is read only while somebody waits.
   *
   * @throws {PosixError} ECONNRESET when the client broke off, {Error} when a deadline passed
   */
  read(): Promise<Buffer | undefined>
  /** The client's bytes as they come; leaving a loop early leaves the connection open. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer>
}

/** For services of our own, which watch descriptors beside the connection. */
export interface WatchingConnection extends Connection {
  /** The loop that the connection lives in. */
  readonly reactor: Reactor
}

/** What a model knows when it hands a connection over. */
export interface Accepted {
  fd: number
  /** Unique in this server; counts from 1. */
  id: number
  peer: SocketAddress
}

/** Compared as methods are: a handler of our own may ask for more of its connection than there is for others. */
type Callback<Arguments extends unknown[], Result = void> = { method(...args: Arguments): Result }['method']

/**
 * Callbacks of one server, shared by all its connections. Each is optional; `this` is the handler.
 *
 * @example
 * ```ts
 * const echo: ConnectionHandler = { data: (connection, chunk) => connection.write(chunk) }
 * ```
 */
export interface ConnectionHandler {
  /**
   * Which event loop the process of a handler runs, in models `fork` and `multiplex`. `none` is the cheapest: no timers,
   * no promises, only what the callbacks do at once. `node` is the whole of Node.
   *
   * @default 'node'
   */
  loop?: 'none' | 'node' | undefined
  /** The connection is there. */
  open?: Callback<[connection: Connection]> | undefined
  /** Bytes have come. `chunk` is reused after the call returns: copy what must stay. */
  data?: Callback<[connection: Connection, chunk: Buffer], unknown> | undefined
  /** Everything written has left for the kernel. */
  drain?: Callback<[connection: Connection]> | undefined
  /** The client sends no more; writing is still possible. @default (connection) => connection.end() */
  end?: Callback<[connection: Connection]> | undefined
  /** The connection was lost, or a deadline passed. `close` follows. */
  error?: Callback<[connection: Connection, error: Error]> | undefined
  /** The descriptor is closed. The last callback. */
  close?: Callback<[connection: Connection]> | undefined
}

/** A handler whose connection is read although much waits to be sent: a client's, which would wait for its echo otherwise. */
export interface DuplexHandler extends ConnectionHandler {
  duplex?: true
}

/** A connection from its first byte to its last, written as a function. When it returns, the connection is ended. */
export type ConnectionFunction = (connection: Connection) => Promise<void> | void

/** Either style. */
export type Handler = ConnectionHandler | ConnectionFunction

/** Reports whether a handler needs no event loop of Node's. */
export const runsBlocking = (handler: Handler): handler is ConnectionHandler =>
  typeof handler !== 'function' && handler.loop === 'none'
