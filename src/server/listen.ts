/** Listening sockets: made in the launcher, so that a taken port is an exception there. */
import type { SocketAddress } from '../libc/address.js'
import {
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_V6ONLY,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_NODELAY,
} from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { SO_KEEPALIVE, SO_REUSEPORT, TCP_KEEPCNT, TCP_KEEPIDLE, TCP_KEEPINTVL } from '../libc/io-constants.js'
import { bind, getsockname, keepAliveSeconds, listen, setsockopt, socket } from '../libc/socket.js'
import { descriptorsOf, type Listening } from '../supervisor/plan.js'
import { whileLocked } from './folder-lock.js'
import { type SocketPermissions, setPermissions } from './socket-permissions.js'
import { removeStale, type UnixAddress } from './stale-socket.js'

/** Of the server's options, and what becomes of some. */
export interface ListenOptions {
  readonly backlog: number
  readonly keepAliveMs: number
  readonly keepAliveIntervalMs: number
  readonly keepAliveProbes: number
  readonly noDelay: boolean
  /** How many to open for the address; the kernel spreads clients among them. socket(7), SO_REUSEPORT */
  readonly sockets?: number
  /** Whether other processes of the same user, started with the same program, listen at the address as well. */
  readonly besideCopies?: boolean
  /** Whether an IPv6 socket takes clients of IPv4 as well. ipv6(7), IPV6_V6ONLY */
  readonly takesIPv4?: boolean
  /** Of the file of a unix socket. */
  readonly permissions?: SocketPermissions
}

/**
 * Opens a listening socket; `address` of the result has the real port.
 *
 * @throws {PosixError} EADDRINUSE, EACCES, EADDRNOTAVAIL, …
 */
export function openListener(address: SocketAddress, options: ListenOptions): Listening {
  const { sockets = 1, besideCopies = false } = options
  const first = openSocket(address, options, sockets > 1 || (besideCopies && address.family !== 'unix'))
  const more: number[] = []
  try {
    while (more.length < sockets - 1) more.push(openSocket(first.address, options, true).fd)
    return more.length > 0 ? { ...first, more } : first
  } catch (error) {
    for (const fd of [first.fd, ...more]) close(fd)
    throw error
  }
}

function openSocket(address: SocketAddress, options: ListenOptions, reusePort: boolean): Listening {
  const fd = socket(address, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
  try {
    if (address.family !== 'unix') setForTcp(fd, options)
    if (reusePort) setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, 1)
    if (address.family === 'IPv6') setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, options.takesIPv4 ? 0 : 1)
    if (address.family === 'unix' && !address.path.startsWith('\0'))
      whileLocked(address.path, () => bindFile(fd, address, options))
    else bindAndListen(fd, address, options)
    return { fd, address: address.family === 'unix' ? address : getsockname(fd) }
  } catch (error) {
    close(fd)
    throw error
  }
}

function bindFile(fd: number, address: UnixAddress, options: ListenOptions): void {
  removeStale(address)
  bindAndListen(fd, address, options)
}

function bindAndListen(fd: number, address: SocketAddress, { backlog, permissions }: ListenOptions): void {
  bind(fd, address)
  if (address.family === 'unix' && permissions !== undefined && !address.path.startsWith('\0'))
    setPermissions(address.path, permissions)
  listen(fd, backlog)
}

/** What is set here holds for every accepted connection: Linux copies it from the listener, and no connection pays for it. */
function setForTcp(fd: number, { keepAliveMs, keepAliveIntervalMs, keepAliveProbes, noDelay }: ListenOptions): void {
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1)
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, noDelay ? 1 : 0)
  if (keepAliveMs === 0) return
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, 1)
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, keepAliveSeconds(keepAliveMs))
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, keepAliveSeconds(keepAliveIntervalMs))
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, keepAliveProbes)
}

/** Closes what was opened; in a process that goes on, or has forked those who use it. */
export function closeListeners(listening: readonly Listening[]): void {
  for (const fd of descriptorsOf(listening)) close(fd)
}
