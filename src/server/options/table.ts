/**
 * The options of `serve` and of the server commands. Checks, flags, variables, `--help` and docs/options.md are made of it; the
 * interface in serve-options.ts must agree, or the build fails.
 */
import { POLLERS } from '../../reactor/poller.js'
import type { ConnectionEnd } from '../../supervisor/channel.js'
import { LOG_LEVELS } from '../../supervisor/log.js'
import { LOG_FORMATS } from '../../supervisor/log-format.js'
import type { EndingHook } from '../ending-hook.js'
import { proxyNetworks } from '../proxy-protocol/networks.js'
import { tlsOptions } from '../tls/options.js'
import { addressList } from './address-list.js'
import { MODELS } from './models.js'
import { byteCount, DAY_MS, descriptor, duration, wholeNumber } from './numbers.js'
import type { OptionTable } from './option.js'
import { fileMode, fileOwner } from './socket-file.js'
import { abortSignal, bytes, callback, choice, text, yesOrNo } from './words.js'

/** Linux's own ceiling for pids on 64-bit machines. */
const MOST_CONNECTIONS = 4_194_304

export const serverOptions = {
  port: {
    type: wholeNumber(0, 65_535),
    flag: '--port <port>',
    // Kubernetes sets TINED_PORT for a service of this name, to an address of its own form
    variable: false,
    help: 'short for --listen 127.0.0.1:PORT',
  },
  listen: {
    type: addressList(),
    default: '127.0.0.1:0',
    flag: '--listen <address...>',
    commandDefault: '127.0.0.1:9190',
    help: 'HOST:PORT, [IPv6]:PORT, PORT or unix:PATH; repeatable',
  },
  socketMode: {
    type: fileMode(),
    flag: '--socket-mode <mode>',
    help: 'of the file of a unix socket, like 660: who may connect',
  },
  socketOwner: {
    type: fileOwner(),
    flag: '--socket-owner <user:group>',
    help: 'of the file of a unix socket, by name or number',
  },
  proxyProtocol: {
    type: proxyNetworks(),
    flag: '--proxy-protocol <network...>',
    help: 'where proxies are, as ADDRESS, NETWORK/BITS or unix: connections begin with a header of theirs; repeatable',
  },
  model: {
    type: choice(MODELS, POLLERS),
    default: 'fork',
    flag: '--model <model>',
    help: 'who serves a connection: a process of its own, one of a few workers, or this process; a poller is short for multiplex over it',
  },
  maxConnections: {
    type: wholeNumber(1, MOST_CONNECTIONS),
    default: 1000,
    flag: '--max-connections <count>',
    help: 'served at once; more wait in the kernel',
  },
  poller: {
    type: choice(POLLERS),
    default: 'epoll',
    onlyModel: 'multiplex',
    flag: '--poller <poller>',
    help: 'how workers of model multiplex ask the kernel which connections are ready; with many, epoll is fastest',
  },
  workers: {
    type: wholeNumber(1, 1024),
    default: 1,
    onlyModel: 'multiplex',
    notAbove: 'maxConnections',
    flag: '--workers <count>',
    help: 'processes of model multiplex, each with many connections',
  },
  reusePort: {
    type: yesOrNo(),
    default: false,
    onlyModel: 'multiplex',
    flag: '--reuse-port',
    help: 'give each worker of model multiplex a listening socket of its own',
  },
  maxWorkers: {
    type: wholeNumber(1, MOST_CONNECTIONS),
    onlyModel: 'prefork',
    notAbove: 'maxConnections',
    flag: '--max-workers <count>',
    help: 'of model prefork; as many as --max-connections by default',
  },
  maxSpare: {
    type: wholeNumber(1, MOST_CONNECTIONS),
    onlyModel: 'prefork',
    flag: '--max-spare <count>',
    help: 'free workers of model prefork above which some end; twice --min-spare by default',
  },
  minSpare: {
    type: wholeNumber(1, MOST_CONNECTIONS),
    default: 5,
    onlyModel: 'prefork',
    notAbove: 'maxSpare',
    flag: '--min-spare <count>',
    help: 'free workers that model prefork forks ahead',
  },
  maxRequests: {
    type: wholeNumber(0, 1_000_000_000),
    default: 10_000,
    onlyModel: 'prefork',
    flag: '--max-requests <count>',
    help: 'connections that a worker of model prefork serves; 1 for a fresh process each, 0 for any number',
  },
  maxWorkerBytes: {
    type: byteCount(0),
    default: 0,
    onlyModel: 'prefork',
    flag: '--max-worker-memory <bytes>',
    help: 'of its own, above which a worker of model prefork ends after its connection; 0 for any number',
  },
  startTimeoutMs: {
    type: duration(1, DAY_MS),
    default: 10_000,
    onlyModel: 'prefork',
    flag: '--start-timeout <time>',
    help: 'for a worker of model prefork to start, until it is killed',
  },
  maxStartFailures: {
    type: wholeNumber(1, 1000),
    default: 10,
    onlyModel: 'prefork',
    flag: '--max-start-failures <count>',
    help: 'workers of model prefork in a row that end before they serve, until the server gives up',
  },
  backlog: {
    type: wholeNumber(0, 65_535),
    default: 511,
    flag: '--backlog <count>',
    help: 'how many may wait in the kernel',
  },
  firstByteTimeoutMs: {
    type: duration(0, DAY_MS),
    default: 0,
    flag: '--first-byte-timeout <time>',
    help: 'for a client to send something, like 30s; 0 for ever',
  },
  idleTimeoutMs: {
    type: duration(0, DAY_MS),
    default: 0,
    flag: '--idle-timeout <time>',
    help: 'of silence in both directions; 0 for ever',
  },
  writeTimeoutMs: {
    type: duration(0, DAY_MS),
    default: 0,
    flag: '--write-timeout <time>',
    help: 'for a client to take some of what waits for it; 0 for ever',
  },
  maxConnectionMs: {
    type: duration(0, DAY_MS),
    default: 0,
    flag: '--max-connection-time <time>',
    help: 'that a connection may be open; 0 for ever',
  },
  hungMs: {
    type: duration(0, DAY_MS),
    default: 60_000,
    flag: '--hung-after <time>',
    help: 'of computing without a turn of the event loop, until the process is killed; 0 for never',
  },
  maxUnsentBytes: {
    type: byteCount(0),
    default: 64 * 1024 * 1024,
    flag: '--max-unsent <bytes>',
    help: 'that may wait for a client that does not read; 0 for any number',
  },
  keepAliveMs: {
    type: duration(0, DAY_MS),
    default: 60_000,
    flag: '--keep-alive <time>',
    help: 'of silence until the kernel asks whether the client is still there; 0 for never',
  },
  keepAliveIntervalMs: {
    type: duration(1000, DAY_MS),
    default: 10_000,
    flag: '--keep-alive-interval <time>',
    help: 'between two such questions',
  },
  keepAliveProbes: {
    type: wholeNumber(1, 127),
    default: 6,
    flag: '--keep-alive-probes <count>',
    help: 'such questions without an answer until the connection is lost',
  },
  noDelay: { type: yesOrNo(), default: true },
  tls: { type: tlsOptions() },
  tlsKey: { type: text(), flag: '--tls-key <file>', help: 'encrypt, with this private key (PEM)' },
  tlsCert: { type: text(), flag: '--tls-cert <file>', help: 'and this certificate' },
  drainTimeoutMs: {
    type: duration(0, DAY_MS),
    default: 30_000,
    flag: '--drain-timeout <time>',
    help: 'after SIGTERM, for running connections to finish',
  },
  log: {
    type: choice(LOG_FORMATS, [], "logLevel: 'silent' logs nothing"),
    default: 'auto',
    flag: '--log <format>',
    help: 'on standard error; auto: pretty on a terminal, journal for systemd, else json',
  },
  logFile: { type: text(), flag: '--log-file <path>', help: 'log there instead; opened anew when it was moved away' },
  logLevel: { type: choice(LOG_LEVELS), default: 'info', flag: '--log-level <level>', help: 'the least to log' },
  logConnections: {
    type: yesOrNo(),
    default: false,
    flag: '--log-connections',
    help: 'a line for each connection that has ended',
  },
  portFile: { type: text(), flag: '--port-file <path>', help: 'write the real port there once ready' },
  portFd: { type: descriptor(), flag: '--port-fd <fd>', help: 'write the real port to a descriptor once ready' },
  signals: { type: yesOrNo(), default: true },
  signal: { type: abortSignal() },
  onConnectionEnd: { type: callback<(connection: ConnectionEnd) => void>() },
  onEnd: { type: callback<EndingHook>() },
  rehearsal: { type: bytes() },
} as const satisfies OptionTable
