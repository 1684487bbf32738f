/** read, write, readv, writev: as C has them, with arguments checked. */
import type { BlockingFd, FdArgument } from '../libc/brand.js'
import { POLLIN } from '../libc/constants.js'
import { addressOf, c } from '../libc/ffi.js'
import { IOV_MAX } from '../libc/io-constants.js'
import { encodeIovecs } from '../libc/layout/message.js'
import { readRaw, writeRaw } from '../libc/raw.js'
import { bytes, count as checkCount, int, memory, noMore, type Piece, pieces } from './arguments/check.js'
import { caught, deliver } from './handlers/caught-signals.js'
import { writeInterruptibly } from './handlers/interrupted-write.js'
import { interruptible } from './handlers/interruptible.js'
import { readNow, writeNow } from './handlers/without-waiting.js'
import { ready } from './outcome.js'

type Transfer = (fd: number, buffer: Uint8Array, count: number) => number

const readvRaw: Transfer = c('long readv(int fd, void *iov, int iovcnt)')
const writevRaw: Transfer = c('long writev(int fd, void *iov, int iovcnt)')

const attemptOf =
  (fd: number) =>
  (part: Uint8Array): number =>
    writeRaw(fd, part, part.length)
const nowOf =
  (fd: number) =>
  (part: Uint8Array): number | undefined =>
    writeNow(fd, part)

/**
 * Reads up to `count` bytes into `buffer`. read(2)
 *
 * @param count 0 to `buffer.length`, which is the default
 * @returns the bytes read; `0` at end of file; `undefined` when a non-blocking descriptor has nothing yet (EAGAIN)
 * @throws {PosixError} EBADF, EINTR, ECONNRESET, EISDIR, …
 */
export function read(fd: BlockingFd, buffer: Uint8Array, count?: number): number
export function read(fd: FdArgument, buffer: Uint8Array, count?: number): number | undefined
export function read(fd: FdArgument, buffer: Uint8Array, count?: number): number | undefined {
  int('fd', fd)
  memory('buffer', buffer)
  if (count !== undefined) checkCount(count, buffer)
  const most = count ?? buffer.length
  if (caught.any && most > 0)
    return ready(
      interruptible(
        'read',
        fd,
        POLLIN,
        () => readRaw(fd, buffer, most),
        () => readNow(fd, buffer, most),
      ),
      'read',
      fd,
    )
  if (caught.any) deliver()
  return ready(readRaw(fd, buffer, most), 'read', fd)
}

/**
 * Writes up to `count` bytes of `data`; may write fewer. Text is written as UTF-8. write(2)
 *
 * @param count 0 to the number of bytes, which is the default
 * @returns the bytes written; `undefined` when a non-blocking descriptor takes none now (EAGAIN)
 * @throws {PosixError} EBADF, EPIPE (where SIGPIPE is ignored, as Node does), EINTR, ECONNRESET, ENOSPC, …
 */
export function write(fd: BlockingFd, data: Uint8Array | string, count?: number): number
export function write(fd: FdArgument, data: Uint8Array | string, count?: number): number | undefined
export function write(fd: FdArgument, data: Uint8Array | string, count?: number): number | undefined {
  int('fd', fd)
  const buffer = bytes('data', data)
  if (count !== undefined) checkCount(count, buffer)
  const most = count ?? buffer.length
  if (caught.any) return writeInterruptibly('write', fd, buffer.subarray(0, most), attemptOf(fd), nowOf(fd))
  return ready(writeRaw(fd, buffer, most), 'write', fd)
}

const vectorsOf = (buffers: readonly Uint8Array[]): Buffer =>
  encodeIovecs(buffers.map((buffer) => ({ address: addressOf(buffer), length: buffer.length })))

/**
 * Reads into several buffers, filling each before the next. readv(2)
 *
 * @param buffers at most IOV_MAX, each memory or `{ iov_base, iov_len }`
 * @returns the bytes read in all; `0` at end of file; `undefined` for EAGAIN
 * @throws {PosixError} as `read`
 */
export function readv(fd: BlockingFd, buffers: readonly Piece[]): number
export function readv(fd: FdArgument, buffers: readonly Piece[]): number | undefined
export function readv(fd: FdArgument, buffers: readonly Piece[], more?: unknown): number | undefined {
  noMore(more, 'readv(fd, buffers)')
  int('fd', fd)
  const memories = pieces('buffers', buffers, IOV_MAX)
  const attempt = (): number => readvRaw(fd, vectorsOf(memories), memories.length)
  return ready(caught.any ? interruptible('readv', fd, POLLIN, attempt) : attempt(), 'readv', fd)
}

/**
 * Writes several buffers as one; may write fewer bytes than they have. writev(2)
 *
 * @param buffers at most IOV_MAX, each memory or `{ iov_base, iov_len }`
 * @returns the bytes written in all; `undefined` for EAGAIN
 * @throws {PosixError} as `write`
 */
export function writev(fd: BlockingFd, buffers: readonly Piece[]): number
export function writev(fd: FdArgument, buffers: readonly Piece[]): number | undefined
export function writev(fd: FdArgument, buffers: readonly Piece[], more?: unknown): number | undefined {
  noMore(more, 'writev(fd, buffers)')
  int('fd', fd)
  const memories = pieces('buffers', buffers, IOV_MAX)
  if (caught.any) return writeInterruptibly('writev', fd, Buffer.concat(memories), attemptOf(fd), nowOf(fd))
  return ready(writevRaw(fd, vectorsOf(memories), memories.length), 'writev', fd)
}
