/** Events as descriptors: eventfd, timerfd, signalfd. All are read(2), and waited for as any other. */
import { keepOnFork } from '../fork/close-on-fork.js'
import type { Fd, FdArgument } from '../libc/brand.js'
import { c } from '../libc/ffi.js'
import { decodeSiginfos as decode, type signalfd_siginfo } from '../libc/layout/signalfd-siginfo.js'
import { decodeItimerspec, encodeItimerspec, ITIMERSPEC_BYTES, type itimerspec } from '../libc/layout/time.js'
import { check } from '../libc/posix-error.js'
import { signalfdRaw } from '../libc/raw.js'
import { bitsOf, type Signals, sigsetOfBits } from '../libc/sigset.js'
import { count, int, memory, noMore, struct, uint } from './arguments/check.js'
import { timespecArgument } from './arguments/time.js'
import { read, write } from './io.js'

const eventfdRaw: (initial: number, flags: number) => number = c('int eventfd(unsigned int initval, int flags)')
const timerfdCreateRaw: (clock: number, flags: number) => number = c('int timerfd_create(int clockid, int flags)')
const timerfdSettimeRaw: (fd: number, flags: number, value: Uint8Array, old: Uint8Array) => number = c(
  'int timerfd_settime(int fd, int flags, void *new_value, void *old_value)',
)
const timerfdGettimeRaw: (fd: number, value: Uint8Array) => number = c('int timerfd_gettime(int fd, void *curr_value)')

/**
 * Makes a counter that is readable while it is not 0. eventfd(2)
 *
 * @param initial 0 to 2^32 - 1
 * @param flags EFD_CLOEXEC, EFD_NONBLOCK, EFD_SEMAPHORE
 * @throws {PosixError} EINVAL, EMFILE, …
 */
export function eventfd(initial: number, flags = 0): Fd {
  uint('initial', initial)
  int('flags', flags)
  return keepOnFork(check(eventfdRaw(initial, flags), 'eventfd') as Fd)
}

/**
 * Takes the counter, which is 0 then; with EFD_SEMAPHORE takes 1 of it. eventfd_read(3)
 *
 * @returns what was taken; `undefined` when it is 0 and the descriptor non-blocking
 */
export function eventfd_read(fd: FdArgument): bigint | undefined
export function eventfd_read(fd: FdArgument, more?: unknown): bigint | undefined {
  noMore(more, 'eventfd_read(fd), which gives the counter')
  const counter = Buffer.alloc(8)
  return read(fd, counter) === undefined ? undefined : counter.readBigUInt64LE()
}

/**
 * Adds to the counter. eventfd_write(3)
 *
 * @param value 0 to 2^64 - 2
 * @returns false when the sum would be more than that and the descriptor is non-blocking
 * @throws {PosixError} EINVAL for 2^64 - 1
 */
export function eventfd_write(fd: FdArgument, value: bigint): boolean {
  if (typeof value !== 'bigint') throw new TypeError(`value: expected a bigint, got ${typeof value}`)
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64LE(value)
  return write(fd, counter) !== undefined
}

/**
 * Makes a timer that is readable once it has expired: 8 bytes, a count. timerfd_create(2)
 *
 * @param clock CLOCK_MONOTONIC, CLOCK_REALTIME or CLOCK_BOOTTIME
 * @param flags TFD_CLOEXEC, TFD_NONBLOCK
 * @throws {PosixError} EINVAL, EMFILE, …
 */
export function timerfd_create(clock: number, flags = 0): Fd {
  int('clock', clock)
  int('flags', flags)
  return check(timerfdCreateRaw(clock, flags), 'timerfd_create') as Fd
}

/**
 * Arms a timer, or disarms it when `it_value` is zero. timerfd_settime(2)
 *
 * @param flags TFD_TIMER_ABSTIME
 * @returns the setting before
 * @throws {PosixError} EINVAL (not a timer, nanoseconds out of range), EBADF
 */
export function timerfd_settime(fd: FdArgument, flags: number, value: itimerspec): itimerspec
export function timerfd_settime(fd: FdArgument, flags: number, value: itimerspec, more?: unknown): itimerspec {
  noMore(more, 'timerfd_settime(fd, flags, value), which gives the one before')
  int('fd', fd)
  int('flags', flags)
  struct('value', value)
  timespecArgument('value.it_interval', value.it_interval)
  timespecArgument('value.it_value', value.it_value)
  const next = new Uint8Array(ITIMERSPEC_BYTES)
  const old = new Uint8Array(ITIMERSPEC_BYTES)
  encodeItimerspec(value, new DataView(next.buffer))
  check(timerfdSettimeRaw(fd, flags, next, old), 'timerfd_settime', { fd })
  return decodeItimerspec(new DataView(old.buffer))
}

/**
 * The interval of a timer, and how long until it expires; zero when it is not armed. timerfd_gettime(2)
 *
 * @throws {PosixError} EINVAL (not a timer), EBADF
 */
export function timerfd_gettime(fd: FdArgument): itimerspec
export function timerfd_gettime(fd: FdArgument, more?: unknown): itimerspec {
  noMore(more, 'timerfd_gettime(fd), which gives the timer')
  int('fd', fd)
  const value = new Uint8Array(ITIMERSPEC_BYTES)
  check(timerfdGettimeRaw(fd, value), 'timerfd_gettime', { fd })
  return decodeItimerspec(new DataView(value.buffer))
}

/**
 * Makes a descriptor from which the blocked signals of `mask` are read, each as a struct signalfd_siginfo. signalfd(2)
 *
 * @param fd -1, or the signalfd whose mask is to change
 * @param flags SFD_CLOEXEC, SFD_NONBLOCK
 * @throws {PosixError} EINVAL, EBADF, EMFILE, …
 */
export function signalfd(fd: FdArgument, mask: Signals, flags = 0): Fd {
  int('fd', fd)
  int('flags', flags)
  return check(signalfdRaw(fd, sigsetOfBits(bitsOf(mask)), flags), 'signalfd') as Fd
}

/**
 * The signals that `read` took from a signalfd: whole structs of SIGNALFD_SIGINFO_BYTES each. signalfd(2)
 *
 * @param bytes what `read` returned, 0 to `buffer.length`
 */
export function decodeSiginfos(buffer: Uint8Array, bytes: number): signalfd_siginfo[] {
  memory('buffer', buffer)
  count(bytes, buffer)
  return decode(Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length), bytes)
}
