/**
 * Calls that do not wait although their descriptor would: by a flag of the call, as O_NONBLOCK belongs to all who share the
 * description.
 */
import { EAGAIN, ENOSYS, EPERM, MSG_DONTWAIT } from '../../libc/constants.js'
import { addressOf, c, lastErrno } from '../../libc/ffi.js'
import { ENOTSOCK, EOPNOTSUPP } from '../../libc/io-constants.js'

type Vectored = (
  nr: number,
  fd: number,
  vectors: BigUint64Array,
  count: number,
  low: number,
  high: number,
  flags: number,
) => number
type OfSocket = (fd: number, buffer: Uint8Array, count: number, flags: number) => number
const recvRaw: OfSocket = c('long recv(int fd, void *buf, size_t len, int flags)')
const sendRaw: OfSocket = c('long send(int fd, void *buf, size_t len, int flags)')

/** The C library of musl lacks the functions. */
const vectored: Vectored = c('long syscall(long nr, long fd, void *iov, long count, long low, long high, long flags)')
const arm64 = process.arch === 'arm64'
const SYS_preadv2 = arm64 ? 286 : 327
const SYS_pwritev2 = arm64 ? 287 : 328
const RWF_NOWAIT = 8

/** Kinds of files and older kernels that have no such flag, kernels before 4.6, filters of containers. */
const NOT_TO_BE_HAD = new Set([EOPNOTSUPP, ENOSYS, EPERM])

/** One struct iovec, for the length of a call: the address, and the length in 32-bit words. */
const vectors = new BigUint64Array(2)
const words = new Uint32Array(vectors.buffer)
const LENGTH = 2

function move(nr: number, ofSocket: OfSocket, fd: number, buffer: Uint8Array, count: number): number | undefined {
  vectors[0] = addressOf(buffer)
  words[LENGTH] = count
  words[LENGTH + 1] = Math.floor(count / 2 ** 32)
  const moved = vectored(nr, fd, vectors, 1, -1, -1, RWF_NOWAIT)
  if (moved >= 0 || !NOT_TO_BE_HAD.has(lastErrno())) return unlessWaiting(moved)
  // the same of a socket, which older kernels have as well
  const result = ofSocket(fd, buffer, count, MSG_DONTWAIT)
  return result < 0 && lastErrno() === ENOTSOCK ? undefined : unlessWaiting(result)
}

/** What a call returned that does not wait; `undefined` when it would. */
export const unlessWaiting = (result: number): number | undefined =>
  result < 0 && lastErrno() === EAGAIN ? undefined : result

/** read(2) without waiting; `undefined` where it would, or that is not to be had. preadv2(2), RWF_NOWAIT */
export const readNow = (fd: number, buffer: Uint8Array, count: number): number | undefined =>
  move(SYS_preadv2, recvRaw, fd, buffer, count)

/** write(2) likewise. pwritev2(2), RWF_NOWAIT */
export const writeNow = (fd: number, buffer: Uint8Array): number | undefined =>
  move(SYS_pwritev2, sendRaw, fd, buffer, buffer.length)
