/** `connect()`: a client's connection, of the same type as a server's. */
import { SocketConnection } from '../server/connection/connection.js'
import type { Connection, DuplexHandler } from '../server/connection/contract.js'
import { NO_LIMITS } from '../server/connection/limits.js'
import { dial } from './dial.js'
import { clientReactor } from './shared-reactor.js'
import { parseTarget, type Target } from './target.js'

/** Options of `connect`. Every one has a default. */
export interface ConnectOptions {
  /**
   * How long connecting may take, names and all addresses included, in milliseconds; 0 for as long as the kernel tries,
   * about two minutes an address.
   * @default 0
   */
  timeoutMs?: number | undefined
  /** Gives up connecting. A connection that is made is not touched by it: that is what `destroy()` is for. */
  signal?: AbortSignal | undefined
  /**
   * How long the connection may be silent in both directions, in milliseconds; 0 for ever.
   * @default 0
   */
  idleTimeoutMs?: number | undefined
}

const KNOWN = ['timeoutMs', 'signal', 'idleTimeoutMs']
const DAY_MS = 24 * 60 * 60 * 1000

function milliseconds(name: string, value: unknown): number {
  if (value === undefined) return 0
  if (typeof value !== 'number')
    throw new TypeError(`${name}: expected milliseconds, got ${String(value)} (${typeof value})`)
  if (!(value >= 0 && value <= DAY_MS)) throw new RangeError(`${name}: expected 0 to ${DAY_MS}, got ${value}`)
  return value
}

/** Bytes are taken by `read()` and iteration, however much waits to be sent; the end of the server's side leaves ours open. */
const pulling: DuplexHandler = {
  duplex: true,
  open: (connection) => connection.pull(),
  end() {
    // the program decides when to stop writing
  },
}

let made = 0

/**
 * Connects to a server. A name is looked up, and its addresses are tried in the resolver's order until one answers.
 *
 * Bytes come by `read()` and `for await`; `end()` half-closes, and the connection is closed once both sides have ended.
 * TCP connections have TCP_NODELAY set: what is written leaves at once.
 *
 * @example
 * ```ts
 * const connection = await connect('localhost:9190', { timeoutMs: 5000 })
 * connection.write('hello\n')
 * connection.end()
 * for await (const chunk of connection) process.stdout.write(chunk)
 * ```
 * @param target `127.0.0.1:9190`, `[::1]:9190`, `example.org:80`, `unix:/run/x.sock`, `{ host, port }` or `{ path }`
 * @throws {PosixError} ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, ETIMEDOUT, ENOENT (no such unix socket), EAI_NONAME (no such
 *   name), EAI_AGAIN, …; `address` says where. Of several addresses the last one's error, with that of the one before as `cause`
 * @throws {TypeError} for a target or an option of another shape, {RangeError} for a number out of range
 * @throws the signal's reason when aborted
 */
export async function connect(target: Target, options: ConnectOptions = {}): Promise<Connection> {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`options: expected an object, got ${String(options)}`)
  for (const name of Object.keys(options))
    if (!KNOWN.includes(name)) throw new TypeError(`${name}: no such option; expected one of ${KNOWN.join(', ')}`)
  const { signal } = options
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError(`signal: expected an AbortSignal, got ${String(signal)}`)
  const timeoutMs = milliseconds('timeoutMs', options.timeoutMs)
  const idleTimeoutMs = milliseconds('idleTimeoutMs', options.idleTimeoutMs)
  const { fd, peer } = await dial(parseTarget(target), { timeoutMs, signal })
  const accepted = { fd, id: ++made, peer }
  const connection = new SocketConnection(accepted, clientReactor(), pulling, { ...NO_LIMITS, idleTimeoutMs })
  connection.start()
  return connection
}
