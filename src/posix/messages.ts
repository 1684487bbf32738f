/** sendmsg and recvmsg: several buffers, addresses, and descriptors on their way to another process. */
import { decodeSockaddr, encodeSockaddr, type SocketAddress } from '../libc/address.js'
import type { Fd, FdArgument } from '../libc/brand.js'
import { F_GETFL, MSG_DONTWAIT, O_NONBLOCK, POLLIN, POLLOUT, SCM_RIGHTS, SOL_SOCKET } from '../libc/constants.js'
import { addressOf } from '../libc/ffi.js'
import { IOV_MAX, MSG_OOB, MSG_PEEK, MSG_WAITALL } from '../libc/io-constants.js'
import * as layout from '../libc/layout/message.js'
import { PosixError } from '../libc/posix-error.js'
import { fcntlRaw, recvmsgRaw, sendmsgRaw } from '../libc/raw.js'
import { type AddressArgument, addressArgument } from './arguments/address.js'
import { int, type Piece, pieces, refuse, struct } from './arguments/check.js'
import { caught } from './handlers/caught-signals.js'
import { receiveAll } from './handlers/interrupted-receive.js'
import { isStreamSocket } from './handlers/interrupted-write.js'
import { interruptible } from './handlers/interruptible.js'
import { unlessWaiting } from './handlers/without-waiting.js'
import { ready } from './outcome.js'
import { receiveRaw, transmit } from './transfer.js'

/** Descriptors in one message. unix(7) */
const SCM_MAX_FD = 253

/** What `sendmsg` sends. */
export interface MessageToSend {
  /** The data, in one piece or several. */
  msg_iov: readonly Piece[]
  /** To whom, on a socket that is not connected. */
  msg_name?: AddressArgument
  /** Descriptors that the receiver gets copies of (SCM_RIGHTS), on a unix socket. At most 253. */
  fds?: readonly FdArgument[]
}

/** Where `recvmsg` puts a message, and what else came with it. */
export interface MessageToReceive {
  /** Filled one after the other. */
  msg_iov: readonly Piece[]
  /** How many descriptors there is room for, 0 to 253; the kernel closes the rest. @default 0 */
  maxFds?: number
  /** Set to the descriptors that came: yours to close. */
  fds?: Fd[]
  /** Set to the sender's address where there is one. */
  msg_name?: SocketAddress
  /** Set to MSG_TRUNC, MSG_CTRUNC, MSG_EOR, MSG_OOB. */
  msg_flags?: number
}

const piece = (buffer: Uint8Array): layout.Piece => ({ address: addressOf(buffer), length: buffer.length })

function rights(fds: readonly FdArgument[]): Buffer | undefined {
  if (!Array.isArray(fds)) throw new TypeError('message.fds: expected an array of descriptors')
  if (fds.length > SCM_MAX_FD) throw new RangeError(`message.fds: expected at most ${SCM_MAX_FD}, got ${fds.length}`)
  for (const fd of fds) int('message.fds', fd)
  if (fds.length === 0) return undefined
  return layout.encodeControl({ level: SOL_SOCKET, type: SCM_RIGHTS, data: layout.encodeRights(fds) })
}

/**
 * Sends a message. sendmsg(2)
 *
 * @param flags as for `send`
 * @returns the bytes sent; `undefined` when it takes none now (EAGAIN)
 * @throws {PosixError} EPIPE, EMSGSIZE, EBADF (for one of `fds` too), ETOOMANYREFS, …
 */
export function sendmsg(fd: FdArgument, message: MessageToSend, flags = 0): number | undefined {
  int('fd', fd)
  int('flags', flags)
  struct('message', message)
  const { msg_name, fds = [] } = message
  const msg_iov = pieces('message.msg_iov', message.msg_iov, IOV_MAX)
  const control = rights(fds)
  const name = msg_name === undefined ? undefined : encodeSockaddr(addressArgument(msg_name))
  const vectors = layout.encodeIovecs(msg_iov.map(piece))
  const header = layout.encodeMsghdr({
    name: name && piece(name),
    vectors: addressOf(vectors),
    count: msg_iov.length,
    control: control && piece(control),
  })
  const attempt = (): number => sendmsgRaw(fd, header, flags)
  if (!caught.any || flags & MSG_DONTWAIT) return ready(attempt(), 'sendmsg', fd)
  const now = (): number | undefined => unlessWaiting(sendmsgRaw(fd, header, flags | MSG_DONTWAIT))
  const before = caught.runs
  const sent = ready(interruptible('sendmsg', fd, POLLOUT, attempt, now), 'sendmsg', fd)
  if (!sent || caught.runs !== before || !isStreamSocket(fd) || fcntlRaw(fd, F_GETFL, 0) & O_NONBLOCK) return sent
  const rest = Buffer.concat(msg_iov).subarray(sent)
  return rest.length === 0 ? sent : sent + sendRest(fd, rest, flags)
}

/** What did not fit at once; the descriptors are on their way already. */
function sendRest(fd: FdArgument, rest: Uint8Array, flags: number): number {
  try {
    return transmit('sendmsg', fd, rest, flags, null) ?? 0
  } catch (error) {
    if (error instanceof PosixError) return 0 // what was sent counts, and the next call tells of the failure
    throw error
  }
}

/** What MSG_WAITALL waits for beyond what came first. */
function receiveRest(fd: FdArgument, buffers: readonly Uint8Array[], taken: number, flags: number): number {
  const all = buffers.reduce((sum, { length }) => sum + length, 0)
  if (taken === 0 || taken === all || flags & MSG_PEEK || !isStreamSocket(fd)) return 0
  const rest = Buffer.alloc(all - taken)
  let received = 0
  try {
    received = Math.max(0, receiveAll('recvmsg', fd, rest, flags & ~MSG_WAITALL, receiveRaw(fd), true))
  } catch (error) {
    if (!(error instanceof PosixError)) throw error
  }
  let at = -taken
  for (const buffer of buffers) {
    if (at + buffer.length > 0)
      buffer.set(rest.subarray(Math.max(at, 0), Math.min(at + buffer.length, received)), Math.max(-at, 0))
    at += buffer.length
  }
  return received
}

/**
 * Receives a message into `message`. recvmsg(2)
 *
 * @param flags as for `recv`, and MSG_CMSG_CLOEXEC for the descriptors that come
 * @returns the bytes received; `0` when the other end has shut down; `undefined` for EAGAIN
 * @throws {PosixError} ECONNRESET, ENOTCONN, EINTR, …
 */
export function recvmsg(fd: FdArgument, message: MessageToReceive, flags = 0): number | undefined {
  int('fd', fd)
  int('flags', flags)
  struct('message', message)
  const { maxFds = 0 } = message
  const msg_iov = pieces('message.msg_iov', message.msg_iov, IOV_MAX)
  if (!Number.isInteger(maxFds) || maxFds < 0 || maxFds > SCM_MAX_FD)
    refuse('message.maxFds', `0 to ${SCM_MAX_FD}`, maxFds)
  const name = Buffer.alloc(128)
  // room for exactly that many: CMSG_SPACE would be rounded up to an even number
  const control = maxFds === 0 ? undefined : Buffer.alloc(layout.CMSG_LEN(maxFds * 4))
  const vectors = layout.encodeIovecs(msg_iov.map(piece))
  const header = layout.encodeMsghdr({
    name: piece(name),
    vectors: addressOf(vectors),
    count: msg_iov.length,
    control: control && piece(control),
  })
  const attempt = (): number => recvmsgRaw(fd, header, flags)
  const waits = caught.any && !(flags & (MSG_DONTWAIT | MSG_OOB))
  const now = (): number | undefined => unlessWaiting(recvmsgRaw(fd, header, flags | MSG_DONTWAIT))
  let taken = ready(waits ? interruptible('recvmsg', fd, POLLIN, attempt, now) : attempt(), 'recvmsg', fd)
  if (taken === undefined) return undefined
  const told = layout.decodeMsghdr(header)
  message.msg_flags = told.flags
  message.fds = layout
    .decodeControl(control?.subarray(0, told.controlBytes) ?? Buffer.alloc(0))
    .filter(({ level, type }) => level === SOL_SOCKET && type === SCM_RIGHTS)
    .flatMap(({ data }) => layout.decodeRights(data) as Fd[])
  // what comes with descriptors is a message of its own
  if (waits && flags & MSG_WAITALL && message.fds.length === 0) taken += receiveRest(fd, msg_iov, taken, flags)
  if (told.nameBytes > 0) message.msg_name = decodeSockaddr(name, told.nameBytes)
  return taken
}
