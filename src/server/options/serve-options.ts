/** The options of `serve` as a program gives them: their types, and what editors and docs/options.md say they mean. */
import type { PollerName } from '../../reactor/poller.js'
import type { ConnectionEnd } from '../../supervisor/channel.js'
import type { LogLevel } from '../../supervisor/log.js'
import type { LogFormat } from '../../supervisor/log-format.js'
import type { EndingHook } from '../ending-hook.js'
import type { TlsOptions } from '../tls/options.js'
import type { Model } from './models.js'

/** Options of `serve`. Every one has a default. */
export interface ServeOptions {
  /** Short for `listen: '127.0.0.1:PORT'`; 0 lets the kernel choose. */
  port?: number | undefined
  /**
   * Where to listen: `127.0.0.1:9190`, `[::1]:9190`, `unix:/run/x.sock`, or several of these. `9190` is that port of 127.0.0.1,
   * `localhost:9190` of 127.0.0.1 and of ::1, `*:9190` of all IPv4 addresses, `[::]:9190` of all addresses, IPv4 included.
   * @default '127.0.0.1:0'
   */
  listen?: string | readonly string[] | undefined
  /** The mode of the file of a unix socket: who may write to it may connect. Without it, what the umask leaves. chmod(2) */
  socketMode?: number | undefined
  /** Whose the file of a unix socket is; names are those of /etc/passwd and /etc/group. Needs the right to give files away. chown(2) */
  socketOwner?: string | undefined
  /**
   * Where the proxies are that connect for clients, as HAProxy does with `send-proxy` and `send-proxy-v2`: `10.0.0.10`, `10.0.0.0/24`, `fd00::/8`, or
   * `unix` for whoever comes by a unix socket. Each connection has to begin with a header of the PROXY protocol, version 1 or 2, then, and `peer` is whom that
   * names; who connects from elsewhere, or without one, is closed. The header may take ten seconds, or `firstByteTimeoutMs` where that is less.
   */
  proxyProtocol?: string | readonly string[] | undefined
  /**
   * Who serves a connection: `fork`, a freshly forked process each; `prefork`, workers forked ahead, each of which serves one at a time;
   * `multiplex`, a few workers, each of which serves many at once; `single`, this process, one connection after another.
   * @default 'fork'
   */
  model?: Model | undefined
  /**
   * Connections served at once; more wait in the kernel's queue. In model `multiplex` each worker has an equal share; in model
   * `prefork` each needs a worker, so `maxWorkers`, which is as many by default, is what counts.
   * @default 1000
   */
  maxConnections?: number | undefined
  /**
   * How the workers of model `multiplex` ask the kernel which connections are ready.
   * @default 'epoll'
   */
  poller?: PollerName | undefined
  /**
   * Workers of model `multiplex`, not more than `maxConnections`.
   * @default 1
   */
  workers?: number | undefined
  /**
   * Whether each worker of model `multiplex` has a listening socket of its own, among which the kernel spreads clients by
   * their address and port, instead of one that all share. Not for unix sockets. SO_REUSEPORT
   * @default false
   */
  reusePort?: boolean | undefined
  /**
   * Workers that model `prefork` has at most. Each serves one connection at a time, so this many clients are served at once. By default
   * `maxConnections`, and never more.
   */
  maxWorkers?: number | undefined
  /**
   * Free workers of model `prefork` above which some end: those that were never needed for a second. By default twice `minSpare`.
   */
  maxSpare?: number | undefined
  /**
   * Free workers that model `prefork` forks ahead of their clients: when a client leaves fewer, more are forked at once, and twice as many
   * after each second in which they are short again.
   * @default 5
   */
  minSpare?: number | undefined
  /**
   * Connections that a worker of model `prefork` serves, one after another, before it ends: that many, or up to a fifth less, so that not all
   * end at the same time. 1 is a fresh process for each connection, forked before it is needed. 0 for any number.
   * @default 10000
   */
  maxRequests?: number | undefined
  /**
   * Bytes of memory of its own (RssAnon) above which a worker of model `prefork` ends after its connection. It looks ten times a second at
   * most. 0 for any number. proc_pid_status(5)
   * @default 0
   */
  maxWorkerBytes?: number | undefined
  /**
   * How long a worker of model `prefork` may take to its start, in milliseconds, until it is killed: within a second after that.
   * @default 10000
   */
  startTimeoutMs?: number | undefined
  /**
   * Workers of model `prefork` in a row that end before they have served anybody, each forked later than the one before, after which the server
   * gives up, unless another worker is there.
   * @default 10
   */
  maxStartFailures?: number | undefined
  /**
   * Connections that may wait in the kernel's queue; the kernel caps it at net.core.somaxconn.
   * @default 511
   */
  backlog?: number | undefined
  /**
   * How long a client may take to its first byte, in milliseconds; 0 for ever.
   * @default 0
   */
  firstByteTimeoutMs?: number | undefined
  /**
   * How long a connection may be silent in both directions, in milliseconds; 0 for ever.
   * @default 0
   */
  idleTimeoutMs?: number | undefined
  /**
   * How long what was written may wait without the client taking any of it, in milliseconds; 0 for ever.
   * @default 0
   */
  writeTimeoutMs?: number | undefined
  /**
   * How long a connection may be open, in milliseconds; 0 for ever. Its handler is told by `error`; in models `fork` and `prefork` a process that does not end
   * then is ended by the supervisor: by SIGTERM 0.2 s later, by SIGKILL after 0.2 s more.
   * @default 0
   */
  maxConnectionMs?: number | undefined
  /**
   * How long a process may compute without a turn of its event loop, in milliseconds, until the supervisor kills it; 0 for ever. Waiting is not
   * computing. A tenth of it is enough where the only client is known to be gone. A worker of model `multiplex` is named in the log after half of
   * it; its death costs all its connections. Not in model `single`, where nobody is there to do it.
   * @default 60000
   */
  hungMs?: number | undefined
  /**
   * Bytes that may wait for a client that does not read. A connection is lost when more is written to it then; one message may be longer.
   * 0 for any number.
   * @default 67108864
   */
  maxUnsentBytes?: number | undefined
  /**
   * After how much silence the kernel asks whether a client is still there, in milliseconds; 0 for never. Whole seconds. TCP only. tcp(7)
   * @default 60000
   */
  keepAliveMs?: number | undefined
  /**
   * How long the kernel waits between two such questions, in milliseconds. Whole seconds.
   * @default 10000
   */
  keepAliveIntervalMs?: number | undefined
  /**
   * After how many such questions without an answer a connection is lost (ETIMEDOUT).
   * @default 6
   */
  keepAliveProbes?: number | undefined
  /**
   * Whether small writes leave at once instead of waiting until those before were acknowledged. TCP only. TCP_NODELAY
   * @default true
   */
  noDelay?: boolean | undefined
  /**
   * TLS by Node: `key` and `cert`, PEM or the path of a file, and `ca`, `sni`, `alpn`, `requestCert` and more. `connection.tls` says what
   * was agreed on, and all else is the same. Handlers run in Node's event loop then, `loop: 'none'` or not. Files are read again when they
   * change.
   */
  tls?: TlsOptions | undefined
  /** Short for `tls: { key }`: the path of a file. With `tlsCert`. */
  tlsKey?: string | undefined
  /** Short for `tls: { cert }`: the path of a file. With `tlsKey`. */
  tlsCert?: string | undefined
  /**
   * After SIGTERM, how long running connections may take to finish, in milliseconds.
   * @default 30000
   */
  drainTimeoutMs?: number | undefined
  /**
   * How the log looks on standard error: `pretty` for people, with local date and time; `json`, an object on each line; `journal`, with
   * priorities for journald and syslog. `auto`: `pretty` on a terminal, `journal` where standard error is the journal's, otherwise `json`.
   * @default 'auto'
   */
  log?: LogFormat | undefined
  /**
   * A file to log to instead of standard error, with `json` for `auto`. It is made when it is not there, and opened anew by whoever logs when
   * it was moved away or removed: to rotate it, move it. What handlers print stays on standard error.
   */
  logFile?: string | undefined
  /**
   * The least to log.
   * @default 'info'
   */
  logLevel?: LogLevel | undefined
  /**
   * Whether a line is logged, at level `info`, for each connection that has ended: its client, how long it was open, the bytes that came and
   * went, and how it ended. Without it only those that failed are logged, and at level `debug` all, without their bytes.
   * @default false
   */
  logConnections?: boolean | undefined
  /** A file to write the real address to once the server is ready: `PORT` of the first listener, or its `unix:` address. */
  portFile?: string | undefined
  /** A descriptor to write the same to; it is closed afterwards. */
  portFd?: number | undefined
  /**
   * Whether TERM, INT, QUIT and HUP of this process are passed on to the server, and end the program after it unless it listens itself.
   * @default true
   */
  signals?: boolean | undefined
  /** Aborting it drains the server, as `server.drain()`. When it is aborted before the server is ready, `serve` throws its reason. */
  signal?: AbortSignal | undefined
  /**
   * Called in the process that called `serve`, for each connection that has ended: which, for how long, how many bytes, and how it ended. Of
   * a launcher that does not come to it for so long that 16 MB wait, some are lost.
   */
  onConnectionEnd?: ((connection: ConnectionEnd) => void) | undefined
  /**
   * Called in each process that served, before it ends of itself: that of a connection in model `fork`, a worker in `prefork` and `multiplex`, this
   * process in `single`. Spans, metrics and logs are flushed here. A promise is awaited, at most 5 seconds; where the handler has
   * `loop: 'none'`, nobody can wait for one.
   */
  onEnd?: EndingHook | undefined
  /**
   * What a client might send, up to its end: with it the handler itself is tried before the first client comes, some fifty times, in the
   * supervisor and in processes forked from it, so that its code is compiled once and not in every connection process again. For models
   * `fork` and `prefork`, and handlers that talk to their client alone: what one changes in memory stays changed, what it does outside is
   * done that often, and `serve` throws when it fails, waits for something of Node's, or answers more than the kernel keeps for a client
   * that does not read, some hundred kilobytes. Without it functions of the same kind are tried in its place, and the handler is not
   * called.
   */
  rehearsal?: string | Uint8Array | undefined
}
