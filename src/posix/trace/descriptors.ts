/** Traced: descriptors, reading and writing, pipes. */
import * as posix from '../index.js'
import { anyValue, bytesValue, flagsValue, resultValue } from './notation.js'
import { traced } from './traced.js'
import { waitsForInput } from './waiting.js'

const { O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_NONBLOCK, O_CLOEXEC } = posix
const openFlags = { O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_NONBLOCK, O_CLOEXEC }
const accessModes: Record<number, string> = { 0: 'O_RDONLY', [O_WRONLY]: 'O_WRONLY', [O_RDWR]: 'O_RDWR' }

function openMode(flags: number): string {
  const access = accessModes[flags & 3] ?? String(flags & 3)
  return (flags & ~3) === 0 ? access : `${access}|${flagsValue(flags & ~3, openFlags)}`
}

const moved = (count: number | undefined): string => (count === undefined ? '-1 EAGAIN' : resultValue(count))
const text = (data: Uint8Array | string, count?: number): string => {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  return bytesValue(bytes, count ?? bytes.length)
}
const size = (data: Uint8Array | string, count?: number): string => String(count ?? Buffer.byteLength(data))

export const open = traced('open', posix.open, {
  given: (path, flags, mode) => [
    JSON.stringify(path),
    openMode(flags),
    ...(flags & O_CREAT ? [`0${(mode ?? 0o644).toString(8)}`] : []),
  ],
})
export const read = traced('read', posix.read, {
  given: (fd, buffer, count) => [String(fd), 'buf', size(buffer, count)],
  waits: (...[fd]) => waitsForInput(fd),
  filled: (taken, [fd, buffer, count]) => [String(fd), bytesValue(buffer, taken ?? 0), size(buffer, count)],
  result: moved,
})
export const write = traced('write', posix.write, {
  given: (fd, data, count) => [String(fd), text(data, count), size(data, count)],
  result: moved,
})
export const pipe = traced('pipe', posix.pipe, { given: () => ['fds'], filled: (fds) => [anyValue(fds)] })
export const pipe2 = traced('pipe2', posix.pipe2, {
  given: (flags = 0) => ['fds', flagsValue(flags, openFlags)],
  filled: (fds, [flags = 0]) => [anyValue(fds), flagsValue(flags, openFlags)],
})
export const readv = traced('readv', posix.readv, { result: moved })
export const writev = traced('writev', posix.writev, { result: moved })
export const close = traced('close', posix.close)
export const close_range = traced('close_range', posix.close_range)
export const dup = traced('dup', posix.dup)
export const dup2 = traced('dup2', posix.dup2)
export const dup3 = traced('dup3', posix.dup3)
export const fcntl = traced('fcntl', posix.fcntl)
export const fsync = traced('fsync', posix.fsync)
export const fdatasync = traced('fdatasync', posix.fdatasync)
export const ftruncate = traced('ftruncate', posix.ftruncate)
export const flock = traced('flock', posix.flock)
export const lseek = traced('lseek', posix.lseek)
export const unlink = traced('unlink', posix.unlink)
export const mkfifo = traced('mkfifo', posix.mkfifo, {
  given: (path, mode) => [JSON.stringify(path), `0${mode.toString(8)}`],
})
export const isatty = traced('isatty', posix.isatty)
export const tcgetpgrp = traced('tcgetpgrp', posix.tcgetpgrp)
export const tcsetpgrp = traced('tcsetpgrp', posix.tcsetpgrp)
export const eventfd = traced('eventfd', posix.eventfd)
export const timerfd_create = traced('timerfd_create', posix.timerfd_create)
export const timerfd_settime = traced('timerfd_settime', posix.timerfd_settime)
export const timerfd_gettime = traced('timerfd_gettime', posix.timerfd_gettime)
export const signalfd = traced('signalfd', posix.signalfd)
export const eventfd_read = traced('eventfd_read', posix.eventfd_read)
export const eventfd_write = traced('eventfd_write', posix.eventfd_write)
