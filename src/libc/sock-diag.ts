/** What the kernel tells of TCP sockets beyond its tables: limits of queues, and bytes so far. sock_diag(7), inet_diag.h */
import { AF_INET, AF_INET6, IPPROTO_TCP, SOCK_CLOEXEC } from './constants.js'
import { close, read, write } from './fd.js'
import { SOCK_RAW } from './program-constants.js'
import { socketRaw } from './raw.js'

const AF_NETLINK = 16
const NETLINK_SOCK_DIAG = 4
const SOCK_DIAG_BY_FAMILY = 20
const NLMSG_ERROR = 2
const NLMSG_DONE = 3
const NLM_F_REQUEST = 1
const NLM_F_DUMP = 0x300
const INET_DIAG_INFO = 2

const HEADER_BYTES = 16
const REQUEST_BYTES = 56
/** struct inet_diag_msg */
const MESSAGE_BYTES = 72
/** struct tcp_info, up to tcpi_bytes_received. */
const BYTES_ACKED = 120
const BYTES_RECEIVED = 128
const INFO_BYTES = 136

export interface TcpDiagnosis {
  inode: number
  isListening: boolean
  uid: number
  remotePort: number
  /** Of one that listens, who waits to be accepted, and how many may; of others, bytes to be read, and bytes not confirmed. */
  receiveQueue: number
  sendQueue: number
  /** That came, and that were confirmed, since it is connected; an end or a beginning may count as one. Undefined on old kernels. */
  bytes: { received: number; acked: number } | undefined
}

function requestFor(family: number, port: number): Buffer {
  const request = Buffer.alloc(HEADER_BYTES + REQUEST_BYTES)
  request.writeUInt32LE(request.length, 0)
  request.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4)
  request.writeUInt16LE(NLM_F_REQUEST | NLM_F_DUMP, 6)
  const at = HEADER_BYTES
  request[at] = family
  request[at + 1] = IPPROTO_TCP
  request[at + 2] = 1 << (INET_DIAG_INFO - 1)
  request.writeUInt32LE(0xffff_ffff, at + 4)
  request.writeUInt16BE(port, at + 8)
  return request
}

const TCP_LISTEN = 10
const aligned = (bytes: number): number => (bytes + 3) & ~3

function bytesIn(attributes: Buffer): TcpDiagnosis['bytes'] {
  for (let at = 0; at + 4 <= attributes.length; ) {
    const length = attributes.readUInt16LE(at)
    if (length < 4) return undefined
    if (attributes.readUInt16LE(at + 2) === INET_DIAG_INFO && length >= 4 + INFO_BYTES) {
      const word = (offset: number): number => Number(attributes.readBigUInt64LE(at + 4 + offset))
      return { received: word(BYTES_RECEIVED), acked: word(BYTES_ACKED) }
    }
    at += aligned(length)
  }
  return undefined
}

function diagnosisIn(message: Buffer): TcpDiagnosis {
  return {
    inode: message.readUInt32LE(MESSAGE_BYTES - 4),
    isListening: message[1] === TCP_LISTEN,
    uid: message.readUInt32LE(MESSAGE_BYTES - 8),
    remotePort: message.readUInt16BE(6),
    receiveQueue: message.readUInt32LE(MESSAGE_BYTES - 16),
    sendQueue: message.readUInt32LE(MESSAGE_BYTES - 12),
    bytes: bytesIn(message.subarray(MESSAGE_BYTES)),
  }
}

/** @returns false when there is no more */
function take(datagram: Buffer, found: TcpDiagnosis[]): boolean {
  for (let at = 0; at + HEADER_BYTES <= datagram.length; ) {
    const length = datagram.readUInt32LE(at)
    const type = datagram.readUInt16LE(at + 4)
    if (type === NLMSG_DONE || type === NLMSG_ERROR || length < HEADER_BYTES) return false
    if (type === SOCK_DIAG_BY_FAMILY) found.push(diagnosisIn(datagram.subarray(at + HEADER_BYTES, at + length)))
    at += aligned(length)
  }
  return datagram.length > 0
}

/** What the kernel writes at once. */
const DATAGRAM_BYTES = 32 * 1024

/** All TCP sockets of this network and family whose own port this is; none where the kernel does not tell. */
export function diagnoseTcp(family: 'IPv4' | 'IPv6', port: number): TcpDiagnosis[] {
  const found: TcpDiagnosis[] = []
  const fd = socketRaw(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)
  if (fd < 0) return found
  try {
    const datagram = Buffer.allocUnsafeSlow(DATAGRAM_BYTES)
    write(fd, requestFor(family === 'IPv4' ? AF_INET : AF_INET6, port))
    while (take(datagram.subarray(0, read(fd, datagram) ?? 0), found));
    return found
  } finally {
    close(fd)
  }
}
