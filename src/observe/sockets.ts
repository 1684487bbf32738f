/** The kernel's tables of sockets, as text. proc_net_tcp(5), proc_net_unix(5) */
import { endianness } from 'node:os'
import { exactAddress, formatAddress, type SocketAddress } from '../libc/address.js'
import { printable } from '../libc/printable.js'
import { type Refused, readFileOf } from './read.js'

/** By number, from 1. tcp_states.h */
const TCP_STATES = [
  ...['ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT'],
  ...['LAST_ACK', 'LISTEN', 'CLOSING', 'NEW_SYN_RECV'],
] as const
export type TcpState = (typeof TCP_STATES)[number]

export interface TcpSocket {
  kind: 'tcp'
  local: string
  localPort: number
  remote: string
  state: TcpState
  /** What the other side has not confirmed, and what waits to be read; of one that listens, who waits. */
  unsentBytes: number
  unreadBytes: number
}

export interface UnixSocket {
  kind: 'unix'
  /** Escaped; empty for one without a name. */
  path: string
  state: 'LISTEN' | 'CONNECTED' | 'UNCONNECTED'
}

export type Socket = TcpSocket | UnixSocket

/** By inode, which is also what /proc/PID/fd shows. */
export type Sockets = ReadonlyMap<number, Socket>

/** `0100007F:23E6`: each group of four bytes in the order of this machine. */
function addressOf(text: string): SocketAddress & { port: number } {
  const [hex = '', port = ''] = text.split(':')
  const bytes = Buffer.from(hex, 'hex')
  if (endianness() === 'LE') bytes.swap32()
  const groups = Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(index * 2))
  const isMapped = groups.length === 8 && groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  const isIPv4 = bytes.length === 4 || isMapped
  const address = isIPv4
    ? [...bytes.subarray(-4)].join('.')
    : new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1)
  return { family: isIPv4 ? 'IPv4' : 'IPv6', address, port: Number.parseInt(port, 16) }
}

const rowsOf = (text: string): string[] => text.split('\n').slice(1).filter(Boolean)

/** What is over and only waits for stray packets is nobody's: after many short connections there are thousands. */
const IS_OVER = /^ *\d+: \S+ \S+ 06 /

/** @param text of /proc/net/tcp or tcp6 */
export function parseTcp(text: string): Sockets {
  const sockets = new Map<number, Socket>()
  for (const row of rowsOf(text)) {
    if (IS_OVER.test(row)) continue
    const [, local = '', remote = '', state = '', queues = '', , , , , inode] = row.trim().split(/\s+/)
    const [unsent = '', unread = ''] = queues.split(':')
    const here = addressOf(local)
    sockets.set(Number(inode), {
      kind: 'tcp',
      local: exactAddress(here),
      localPort: here.port,
      remote: exactAddress(addressOf(remote)),
      state: TCP_STATES[Number.parseInt(state, 16) - 1] ?? 'CLOSE',
      unsentBytes: Number.parseInt(unsent, 16),
      unreadBytes: Number.parseInt(unread, 16),
    })
  }
  return sockets
}

/** __SO_ACCEPTCON of the flags */
const LISTENS = 1 << 16
const CONNECTED = '03'

/** @param text of /proc/net/unix; the path is what its owner has chosen */
export function parseUnix(text: string): Sockets {
  const sockets = new Map<number, Socket>()
  for (const row of rowsOf(text)) {
    const match = /^\S+ \S+ \S+ (\S+) \S+ (\S+)\s+(\d+)(?: (.*))?$/.exec(row)
    if (match === null) continue
    const [, flags = '', state, inode, path = ''] = match
    const listens = (Number.parseInt(flags, 16) & LISTENS) !== 0
    sockets.set(Number(inode), {
      kind: 'unix',
      path: path === '' ? '' : formatAddress({ family: 'unix', path: printable(path) }),
      state: listens ? 'LISTEN' : state === CONNECTED ? 'CONNECTED' : 'UNCONNECTED',
    })
  }
  return sockets
}

/** The sockets of the network that a process is in. */
export function socketsSeenBy(pid: number, refused: Refused): Sockets {
  const table = (name: string): string => readFileOf(pid, `net/${name}`, refused) ?? ''
  return new Map([...parseTcp(table('tcp')), ...parseTcp(table('tcp6')), ...parseUnix(table('unix'))])
}

/** `socket:[123]` */
export const inodeOf = (target: string | undefined): number | undefined => {
  const inode = /^(?:socket|pipe):\[(\d+)\]$/.exec(target ?? '')?.[1]
  return inode === undefined ? undefined : Number(inode)
}
