/** Server options: what they are, what they may be, and what they are by default. */

import { parseAddress, type SocketAddress } from '../libc/address.js'
import { POLLERS, type PollerName } from '../reactor/poller.js'
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../supervisor/log.js'

export const MODELS = ['single', 'fork', 'multiplex'] as const
export type Model = (typeof MODELS)[number]

/** Options of `serve`. Every one has a default. */
export interface ServeOptions {
  /** Short for `listen: '127.0.0.1:PORT'`; 0 lets the kernel choose. */
  port?: number
  /**
   * Where to listen: `127.0.0.1:9190`, `[::1]:9190`, `unix:/run/x.sock`, or several of these.
   * @default '127.0.0.1:0'
   */
  listen?: string | readonly string[]
  /**
   * Who serves a connection: `fork`, a freshly forked process each; `multiplex`, a few workers, each of which serves many at
   * once; `single`, this process, one connection after another.
   * @default 'fork'
   */
  model?: Model
  /**
   * How the workers of model `multiplex` ask the kernel which connections are ready.
   * @default 'epoll'
   */
  poller?: PollerName
  /**
   * Workers of model `multiplex`, from 1 to 1024, not more than `maxConnections`.
   * @default 1
   */
  workers?: number
  /**
   * Whether each worker of model `multiplex` has a listening socket of its own, among which the kernel spreads clients by
   * their address and port, instead of one that all share. Not for unix sockets. SO_REUSEPORT
   * @default false
   */
  reusePort?: boolean
  /**
   * Connections served at once; more wait in the kernel's queue. In model `multiplex` each worker has an equal share.
   * @default 1000
   */
  maxConnections?: number
  /**
   * Connections that may wait in the kernel's queue; the kernel caps it at net.core.somaxconn.
   * @default 511
   */
  backlog?: number
  /**
   * How long a client may take to its first byte, in milliseconds; 0 for ever.
   * @default 0
   */
  firstByteTimeoutMs?: number
  /**
   * How long a connection may be silent in both directions, in milliseconds; 0 for ever.
   * @default 0
   */
  idleTimeoutMs?: number
  /**
   * After SIGTERM, how long running connections may take to finish, in milliseconds.
   * @default 30000
   */
  drainTimeoutMs?: number
  /** A file to write the real address to once the server is ready: `PORT` of the first listener, or its `unix:` address. */
  portFile?: string
  /** A descriptor to write the same to; it is closed afterwards. */
  portFd?: number
  /** @default 'info' */
  logLevel?: LogLevel
  /** @default 'pretty' */
  log?: LogFormat
  /**
   * Whether TERM, INT, QUIT and HUP of this process are passed on to the server.
   * @default true
   */
  signals?: boolean
}

/** Options with every default filled in and every value checked. */
export interface ServerOptions {
  listen: SocketAddress[]
  model: Model
  poller: PollerName
  workers: number
  reusePort: boolean
  maxConnections: number
  backlog: number
  firstByteTimeoutMs: number
  idleTimeoutMs: number
  drainTimeoutMs: number
  portFile: string | undefined
  portFd: number | undefined
  logLevel: LogLevel
  log: LogFormat
  signals: boolean
}

const KNOWN = [
  'port',
  'listen',
  'model',
  'poller',
  'workers',
  'reusePort',
  'maxConnections',
  'backlog',
  'firstByteTimeoutMs',
  'idleTimeoutMs',
  'drainTimeoutMs',
  'portFile',
  'portFd',
  'logLevel',
  'log',
  'signals',
]

const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value))

function wholeNumber(name: string, value: unknown, fallback: number, least: number, most: number): number {
  if (value === undefined) return fallback
  if (typeof value !== 'number')
    throw new TypeError(`${name}: expected a whole number, got ${shown(value)} (${typeof value})`)
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`${name}: expected a whole number from ${least} to ${most}, got ${value}`)
  return value
}

function oneOf<Choice extends string>(
  name: string,
  value: unknown,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  if (value === undefined) return fallback
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw new TypeError(`${name}: expected ${choices.join(' or ')}, got ${shown(value)}`)
  return found
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value as string | undefined
  throw new TypeError(`${name}: expected a non-empty string, got ${shown(value)}`)
}

function addresses(options: ServeOptions): SocketAddress[] {
  if (options.port !== undefined && options.listen !== undefined)
    throw new TypeError('port: give either port or listen')
  if (options.port !== undefined)
    return [{ family: 'IPv4', address: '127.0.0.1', port: wholeNumber('port', options.port, 0, 0, 65_535) }]
  const listen = options.listen ?? '127.0.0.1:0'
  const list = typeof listen === 'string' ? [listen] : listen
  if (!Array.isArray(list) || list.length === 0)
    throw new TypeError(`listen: expected an address or a list of them, got ${shown(listen)}`)
  return list.map((address) => {
    if (typeof address !== 'string') throw new TypeError(`listen: expected an address, got ${shown(address)}`)
    return parseAddress(address)
  })
}

function flag(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? fallback
  throw new TypeError(`${name}: expected true or false, got ${shown(value)}`)
}

const MOST_WORKERS = 1024
const DAY_MS = 24 * 60 * 60 * 1000
/** Linux's own ceiling for pids on 64-bit machines. */
const MOST_CONNECTIONS = 4_194_304

/**
 * Checks options and fills in the defaults.
 *
 * @throws {TypeError} an unknown option, or a value of the wrong type
 * @throws {RangeError} a number out of range
 */
export function checkOptions(options: ServeOptions): ServerOptions {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`options: expected an object, got ${shown(options)}`)
  for (const name of Object.keys(options))
    if (!KNOWN.includes(name)) throw new TypeError(`${name}: no such option; expected one of ${KNOWN.join(', ')}`)
  const model = oneOf('model', options.model, MODELS, 'fork')
  const maxConnections = wholeNumber('maxConnections', options.maxConnections, 1000, 1, MOST_CONNECTIONS)
  const listen = addresses(options)
  return {
    listen,
    model,
    ...multiplexing(options, model, maxConnections, listen),
    maxConnections,
    backlog: wholeNumber('backlog', options.backlog, 511, 0, 65_535),
    firstByteTimeoutMs: wholeNumber('firstByteTimeoutMs', options.firstByteTimeoutMs, 0, 0, DAY_MS),
    idleTimeoutMs: wholeNumber('idleTimeoutMs', options.idleTimeoutMs, 0, 0, DAY_MS),
    drainTimeoutMs: wholeNumber('drainTimeoutMs', options.drainTimeoutMs, 30_000, 0, DAY_MS),
    portFile: text('portFile', options.portFile),
    portFd: options.portFd === undefined ? undefined : wholeNumber('portFd', options.portFd, 0, 1, 1_048_576),
    logLevel: oneOf('logLevel', options.logLevel, LOG_LEVELS, 'info'),
    log: oneOf('log', options.log, LOG_FORMATS, 'pretty'),
    signals: flag('signals', options.signals, true),
  }
}

function multiplexing(
  options: ServeOptions,
  model: Model,
  maxConnections: number,
  listen: readonly SocketAddress[],
): Pick<ServerOptions, 'poller' | 'workers' | 'reusePort'> {
  for (const name of ['poller', 'workers', 'reusePort'] as const)
    if (options[name] !== undefined && model !== 'multiplex')
      throw new TypeError(`${name}: only model multiplex has it, got model ${shown(model)}`)
  const reusePort = flag('reusePort', options.reusePort, false)
  if (reusePort && listen.some(({ family }) => family === 'unix'))
    throw new TypeError('reusePort: expected IPv4 or IPv6 addresses, got a unix socket')
  return {
    poller: oneOf('poller', options.poller, POLLERS, 'epoll'),
    workers: wholeNumber('workers', options.workers, 1, 1, Math.min(MOST_WORKERS, maxConnections)),
    reusePort,
  }
}
