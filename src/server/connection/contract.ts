/** What a user's handler is, and what it is given. */
import type { Duplex } from 'node:stream'
import type { SocketAddress } from '../../libc/address.js'
import type { Reactor } from '../../reactor/reactor.js'
import type { Slot } from '../../reactor/slot.js'
import type { TlsAgreement } from '../tls/agreement.js'
import type { LineOptions } from './line-options.js'
import type { Transport } from './transport.js'

/** One connection: partial writes are finished, a half-close is told, a client that does not read is not read from. */
export interface Connection<State = unknown> {
  /** Unique in this server; counts from 1. */
  readonly id: number
  /** Who the client is: behind a proxy of the option `proxyProtocol`, who connected to that. */
  readonly peer: SocketAddress
  /** The proxy that the client came by, as it connected to us; undefined where there is none, or where it speaks for itself. */
  readonly proxy: SocketAddress | undefined
  /** `127.0.0.1:51234` */
  readonly peerName: string
  /** The client's address, `127.0.0.1`; undefined on a unix socket. */
  readonly remoteAddress: string | undefined
  readonly remotePort: number | undefined
  /** Ours, or the proxy's, as the client sees it; undefined on a unix socket, and once the connection is closed. */
  readonly localAddress: string | undefined
  readonly localPort: number | undefined
  /** What `open` returned, or whatever is put here: the handler's own, for as long as the connection is there. */
  state: State
  /** What was agreed on with the client; undefined without TLS. */
  readonly tls: TlsAgreement | undefined
  /** Bytes that have come from the client. */
  readonly bytesRead: number
  /** Bytes that the kernel has taken for it. */
  readonly bytesWritten: number
  /** Why the connection was lost; undefined as long as it was not. */
  readonly lost: Error | undefined
  /** Reports whether the descriptor is closed. */
  readonly closed: boolean
  /** Bytes written by the handler that the kernel has not taken yet. */
  readonly queuedBytes: number
  /** Aborted when the connection is closed, by whatever side. */
  readonly signal: AbortSignal
  /** Aborted when the server drains: finish what you can, within `drainTimeoutMs`. Never of a client's connection. */
  readonly draining: AbortSignal

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
  /**
   * Whether small writes leave at once instead of waiting until those before were acknowledged: as the option `noDelay`, for this
   * connection. Nothing on a unix socket. TCP_NODELAY
   *
   * @param on true when left out
   */
  setNoDelay(on?: boolean): void
  /**
   * Whether the kernel asks after a silence whether the client is still there: as the option `keepAliveMs`, for this connection. Nothing
   * on a unix socket. SO_KEEPALIVE, TCP_KEEPIDLE
   *
   * @param on true when left out
   * @param afterMs milliseconds of silence, in whole seconds; 0 leaves it as it was
   * @throws {RangeError} a negative number
   */
  setKeepAlive(on?: boolean, afterMs?: number): void
  /**
   * The connection as a stream of Node's, for whatever wants a `net.Socket`: `pipeline`, `http.Server.emit('connection')`,
   * `tls.TLSSocket`, parsers. Back-pressure goes both ways, `end()` half-closes, and an end of the client leaves our side open. The same
   * stream each time. From now on the bytes are the stream's: `data`, `drain` and `end` are not called, and a function handler whose
   * promise is fulfilled does not end the connection.
   *
   * @throws {TypeError} with `loop: 'none'`: streams need Node's event loop; and while somebody waits for `read()`
   */
  stream(): Duplex
  /** Takes bytes by `read()` and iteration instead of the `data` callback. */
  pull(): void
  /**
   * Waits for the next bytes; `undefined` at end of file. The client is read only while somebody waits.
   *
   * @throws {PosixError} ECONNRESET when the client broke off, {Error} when a deadline passed
   */
  read(): Promise<Buffer | undefined>
  /**
   * The client's lines as they come, without their ends: `\n`, or `\r\n`. What comes after the last end is a line too. Leaving a loop
   * early leaves the connection open, and what has come after the last line is read next.
   *
   * @throws {LineTooLong} a line longer than `maxBytes`, after those before it; {ConnectionTimeout} one that takes longer than `timeoutMs`
   * @throws {PosixError} ECONNRESET when the client broke off: the end of the loop is the end that the client meant
   * @throws {TypeError} {RangeError} bad options
   * @example
   * ```ts
   * for await (const line of connection.lines({ maxBytes: 1024 })) connection.write(`${line.length}\n`)
   * ```
   */
  lines(options?: LineOptions): AsyncIterableIterator<string, void, void>
  /** The client's bytes as they come; leaving a loop early leaves the connection open. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer>
}

/** For services of our own, which watch descriptors beside the connection. */
export interface WatchingConnection extends Connection {
  /** The loop that the connection lives in. */
  readonly reactor: Reactor
  /** Its own on the scoreboard, if it has one. */
  readonly row: Slot | undefined
  /** What the client has done wrong: an error that a handler need not catch. */
  fault: Error | undefined
  /** Closes it because of an error, which its handler is told. */
  lose(error: Error): void
  /** Ends it because the client has, unless somebody takes its bytes and decides that. */
  endByDefault(): void
  /** Whether it was handed over to its `stream()`. */
  readonly streaming: boolean
}

/** Reports whether an error that a handler threw is what became of the client, and no failure of the handler. */
export const isClients = (error: unknown, { lost, fault }: WatchingConnection): boolean =>
  error !== undefined && (error === lost || error === fault)

/** Closes a connection because of what its client has done. */
export function endFor(connection: WatchingConnection, error: unknown): void {
  if (error === connection.fault) connection.lose(connection.fault as Error)
  else connection.destroy()
}

/** What a model knows when it hands a connection over. */
export interface Accepted {
  fd: number
  /** Unique in this server; counts from 1. */
  id: number
  peer: SocketAddress
  /** What a proxy has told of its client, which `peer` is then: who the proxy is, and where the client connected to. */
  proxy?: SocketAddress
  destination?: SocketAddress
  /** Undefined where it is the descriptor itself. */
  transport?: Transport
  /** Its own row on the scoreboard, where that of the process is not its own. */
  row?: Slot
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
export interface ConnectionHandler<State = unknown> {
  /**
   * Which event loop the process of a handler runs, in models `fork` and `multiplex`. `none` is the cheapest: no timers,
   * no promises, only what the callbacks do at once. `node` is the whole of Node.
   *
   * @default 'node'
   */
  loop?: 'none' | 'node' | undefined
  /** The connection is there. What it returns is `connection.state` from then on. */
  open?: Callback<[connection: Connection], State> | undefined
  /** Bytes have come. `chunk` is reused after the call returns: copy what must stay. */
  data?: Callback<[connection: Connection<State>, chunk: Buffer], unknown> | undefined
  /** Everything written has left for the kernel. */
  drain?: Callback<[connection: Connection<State>], unknown> | undefined
  /**
   * The client sends no more; writing is still possible. Without this callback the connection is ended then, unless its bytes are taken by
   * `read()`, `lines()`, iteration or `stream()`: whoever takes them ends it.
   */
  end?: Callback<[connection: Connection<State>], unknown> | undefined
  /** The server drains: finish what you can, within `drainTimeoutMs`. */
  draining?: Callback<[connection: Connection<State>], unknown> | undefined
  /** The connection was lost, or a deadline passed. `close` follows. */
  error?: Callback<[connection: Connection<State>, error: Error], unknown> | undefined
  /** The descriptor is closed. The last callback. */
  close?: Callback<[connection: Connection<State>], unknown> | undefined
}

/** A handler whose connection is read although much waits to be sent: a client's, which would wait for its echo otherwise. */
export interface DuplexHandler extends ConnectionHandler {
  duplex?: true
}

/** A connection from its first byte to its last, written as a function. When it returns, the connection is ended. */
export type ConnectionFunction<State = unknown> = (connection: Connection<State>) => Promise<void> | void

/** Either style. */
export type Handler<State = unknown> = ConnectionHandler<State> | ConnectionFunction<State>

/** Reports whether a handler needs no event loop of Node's. */
export const runsBlocking = (handler: Handler): handler is ConnectionHandler =>
  typeof handler !== 'function' && handler.loop === 'none'
