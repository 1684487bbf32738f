/** Server options on the command line: one table for flags, TINED_* variables and help. */
import { type Command, Option } from 'commander'
import { POLLERS, type PollerName } from '../reactor/poller.js'
import { MODELS, type Model, type ServeOptions } from '../server/options.js'
import { LOG_FORMATS, LOG_LEVELS } from '../supervisor/log.js'

interface Flag {
  flags: string
  text: string
  choices?: readonly string[]
  fallback: string
}

/** Values stay text here; `toServeOptions` gives them their types. */
const FLAGS: readonly Flag[] = [
  {
    flags: '--listen <address...>',
    text: 'HOST:PORT, [IPv6]:PORT or unix:PATH; repeatable',
    fallback: '127.0.0.1:9190',
  },
  {
    flags: '--model <model>',
    text: 'who serves a connection; a poller is short for multiplex over it',
    choices: [...MODELS, ...POLLERS],
    fallback: 'fork',
  },
  { flags: '--poller <poller>', text: 'of model multiplex (default: "epoll")', choices: POLLERS, fallback: '' },
  { flags: '--workers <count>', text: 'of model multiplex (default: "1")', fallback: '' },
  { flags: '--reuse-port', text: 'give each worker of model multiplex a listening socket of its own', fallback: '' },
  { flags: '--max-connections <count>', text: 'served at once; more wait in the kernel', fallback: '1000' },
  { flags: '--backlog <count>', text: 'how many may wait in the kernel', fallback: '511' },
  { flags: '--first-byte-timeout <time>', text: 'for a client to send something, like 30s; 0 for ever', fallback: '0' },
  { flags: '--idle-timeout <time>', text: 'of silence in both directions; 0 for ever', fallback: '0' },
  { flags: '--drain-timeout <time>', text: 'after SIGTERM, for running connections to finish', fallback: '30s' },
  { flags: '--log <format>', text: 'on standard error', choices: LOG_FORMATS, fallback: 'pretty' },
  { flags: '--log-level <level>', text: 'the least to log', choices: LOG_LEVELS, fallback: 'info' },
  { flags: '--port-file <path>', text: 'write the real port there once ready', fallback: '' },
  { flags: '--port-fd <fd>', text: 'write the real port to a descriptor once ready', fallback: '' },
]

/** Adds the options that every server command has; each also reads its TINED_* variable. */
export function addServerOptions(command: Command): Command {
  for (const { flags, text, choices, fallback } of FLAGS) {
    const option = new Option(flags, text)
    option.env(`TINED_${option.long?.slice(2).replaceAll('-', '_').toUpperCase()}`)
    if (choices !== undefined) option.choices(choices)
    if (fallback !== '') option.default(option.variadic ? [fallback] : fallback)
    command.addOption(option)
  }
  return command
}

/** What commander gives: text, or lists of text. */
export interface ServerFlags {
  listen: string[] | string
  model: Model | PollerName
  poller?: PollerName
  workers?: string
  reusePort?: true
  maxConnections: string
  backlog: string
  firstByteTimeout: string
  idleTimeout: string
  drainTimeout: string
  log: 'pretty' | 'json'
  logLevel: NonNullable<ServeOptions['logLevel']>
  portFile?: string
  portFd?: string
}

/** A count. @throws {TypeError} when it is not one */
export function count(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new TypeError(`${name}: expected a whole number, got ${JSON.stringify(text)}`)
  return Number(text)
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `1500ms`, `30s`, `5m`, `1h`; a bare number is seconds. Result in milliseconds. */
export function duration(name: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text)
  if (match === null) throw new TypeError(`${name}: expected a time like 500ms, 30s or 5m, got ${JSON.stringify(text)}`)
  return Math.round(Number(match[1]) * (UNIT_MS[match[2] ?? 's'] as number))
}

const BYTES: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** `65536`, `64k`, `1m`: bytes. */
export function byteCount(name: string, text: string): number {
  const match = /^(\d+)([kmg]?)$/i.exec(text)
  if (match === null) throw new TypeError(`${name}: expected bytes like 4096, 64k or 1m, got ${JSON.stringify(text)}`)
  return Number(match[1]) * (BYTES[(match[2] ?? '').toLowerCase()] as number)
}

const isPoller = (model: Model | PollerName): model is PollerName => (POLLERS as readonly string[]).includes(model)

/** `--model select` is short for `--model multiplex --poller select`. */
function toModel({ model, poller, workers, reusePort }: ServerFlags): ServeOptions {
  if (isPoller(model) && poller !== undefined && poller !== model)
    throw new TypeError(`--poller: expected ${model}, as --model says, got ${poller}`)
  const chosen = isPoller(model) ? model : poller
  return {
    model: isPoller(model) ? 'multiplex' : model,
    ...(chosen === undefined ? {} : { poller: chosen }),
    ...(workers === undefined ? {} : { workers: count('--workers', workers) }),
    ...(reusePort === undefined ? {} : { reusePort }),
  }
}

/** The flags as options of `serve`. */
export function toServeOptions(flags: ServerFlags): ServeOptions {
  return {
    listen: flags.listen,
    ...toModel(flags),
    maxConnections: count('--max-connections', flags.maxConnections),
    backlog: count('--backlog', flags.backlog),
    firstByteTimeoutMs: duration('--first-byte-timeout', flags.firstByteTimeout),
    idleTimeoutMs: duration('--idle-timeout', flags.idleTimeout),
    drainTimeoutMs: duration('--drain-timeout', flags.drainTimeout),
    log: flags.log,
    logLevel: flags.logLevel,
    ...(flags.portFile === undefined ? {} : { portFile: flags.portFile }),
    ...(flags.portFd === undefined ? {} : { portFd: count('--port-fd', flags.portFd) }),
  }
}
