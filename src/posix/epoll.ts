/** epoll(7), with arguments checked. */
import { keepOnFork } from '../fork/close-on-fork.js'
import type { Fd, FdArgument } from '../libc/brand.js'
import { EINVAL, POLLIN } from '../libc/constants.js'
import { c } from '../libc/ffi.js'
import { decodeEpollEvents, EPOLL_EVENT_BYTES, encodeEpollEvent, type epoll_event } from '../libc/layout/poll.js'
import { encodeTimespec, msToTimespec, TIMESPEC_BYTES, type timespec } from '../libc/layout/time.js'
import { check, PosixError } from '../libc/posix-error.js'
import { epollCreateRaw, epollCtlRaw, ppollRaw } from '../libc/raw.js'
import { bitsOf, type Signals, sigsetOfBits } from '../libc/sigset.js'
import { int, refuse, struct, unsigned } from './arguments/check.js'
import { caught, deliver } from './handlers/caught-signals.js'
import { waitWithHandlers } from './handlers/interrupted-wait.js'

const pwaitRaw: (epfd: number, events: Uint8Array, max: number, timeoutMs: number, mask: Uint8Array | null) => number =
  c('int epoll_pwait(int epfd, void *events, int maxevents, int timeout, void *sigmask)')

/** What to wait for on a descriptor, and what its events shall carry. */
export interface Interest {
  /** EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLPRI, EPOLLET, EPOLLONESHOT, EPOLLEXCLUSIVE */
  events: number
  /** Comes back with each event, 0 to 2^53 - 1. @default the descriptor */
  data?: number
}

/**
 * Makes an epoll: an interest list in the kernel. epoll_create1(2)
 *
 * @param flags EPOLL_CLOEXEC
 * @throws {PosixError} EINVAL, EMFILE, ENFILE, ENOMEM
 */
export function epoll_create1(flags = 0): Fd {
  int('flags', flags)
  return keepOnFork(check(epollCreateRaw(flags), 'epoll_create1') as Fd)
}

/**
 * As `epoll_create1` without flags. epoll_create(2)
 *
 * @param size above 0; without a meaning since Linux 2.6.8
 * @throws {PosixError} EINVAL, EMFILE, …
 */
export function epoll_create(size: number): Fd {
  int('size', size)
  if (size <= 0) throw new PosixError(EINVAL, 'epoll_create')
  return keepOnFork(check(epollCreateRaw(0), 'epoll_create') as Fd)
}

const one = new Uint8Array(EPOLL_EVENT_BYTES)
const oneView = new DataView(one.buffer)

/**
 * Adds, changes or removes a descriptor of interest. epoll_ctl(2)
 *
 * @param operation EPOLL_CTL_ADD, EPOLL_CTL_MOD or EPOLL_CTL_DEL
 * @param interest what to wait for; not needed to remove
 * @throws {PosixError} EEXIST, ENOENT, EPERM (a file is always ready), EBADF, EINVAL, ELOOP, ENOSPC
 */
export function epoll_ctl(epfd: FdArgument, operation: number, fd: FdArgument, interest?: Interest): void {
  int('epfd', epfd)
  int('operation', operation)
  int('fd', fd)
  if (interest !== undefined) {
    struct('interest', interest)
    const { events, data = Math.max(fd, 0) } = interest
    const bits = unsigned('interest.events', events)
    if (!Number.isSafeInteger(data) || data < 0) refuse('interest.data', '0 to 2^53 - 1', data)
    encodeEpollEvent({ events: bits, data }, oneView)
  }
  check(epollCtlRaw(epfd, operation, fd, interest === undefined ? null : one), 'epoll_ctl', { fd })
}

/** More than any process may have open. */
const MOST = 2 ** 20
let room = new Uint8Array(EPOLL_EVENT_BYTES * 64)
let view = new DataView(room.buffer)

/**
 * Waits until a descriptor of interest is ready. epoll_wait(2)
 *
 * @param events the first of them are set to what happened; objects in it are used again
 * @param maxevents 1 to 2^20
 * @param timeoutMs -1 waits without limit, 0 not at all
 * @returns how many of `events` were set; `0` at the time-out
 * @throws {PosixError} EINTR, EBADF, EINVAL
 */
export const epoll_wait = (epfd: FdArgument, events: epoll_event[], maxevents: number, timeoutMs = -1): number =>
  wait('epoll_wait', epfd, events, maxevents, timeoutMs, null)

/**
 * As `epoll_wait`, with a signal mask that holds while it waits. epoll_pwait(2)
 *
 * @param sigmask `null` leaves the mask alone
 */
export function epoll_pwait(
  epfd: FdArgument,
  events: epoll_event[],
  maxevents: number,
  timeoutMs = -1,
  sigmask: Signals | null = null,
): number {
  return wait('epoll_pwait', epfd, events, maxevents, timeoutMs, sigmask)
}

function wait(
  syscall: string,
  epfd: FdArgument,
  events: epoll_event[],
  maxevents: number,
  timeoutMs: number,
  sigmask: Signals | null,
): number {
  int('epfd', epfd)
  if (!Array.isArray(events)) throw new TypeError('events: expected an array')
  int('maxevents', maxevents)
  if (maxevents > MOST) refuse('maxevents', `1 to ${MOST}`, maxevents)
  int('timeoutMs', timeoutMs)
  if (caught.any) return waitHandling(syscall, epfd, events, maxevents, timeoutMs, sigmask)
  if (room.length < maxevents * EPOLL_EVENT_BYTES) {
    room = new Uint8Array(maxevents * EPOLL_EVENT_BYTES)
    view = new DataView(room.buffer)
  }
  const set = sigmask && sigsetOfBits(bitsOf(sigmask))
  const count = check(pwaitRaw(epfd, room, maxevents, timeoutMs, set), syscall, { fd: epfd })
  decodeEpollEvents(view, count, events)
  return count
}

const timeBytes = new Uint8Array(TIMESPEC_BYTES)
const time = new DataView(timeBytes.buffer)

/** With handlers installed: waits for the epoll and for a signal, then asks the epoll. In memory of its own, as a handler may wait too. */
function waitHandling(
  syscall: string,
  epfd: FdArgument,
  events: epoll_event[],
  maxevents: number,
  timeoutMs: number,
  sigmask: Signals | null,
): number {
  const own = new Uint8Array(Math.max(maxevents, 1) * EPOLL_EVENT_BYTES)
  const pair = new Int32Array(4)
  const wait = (signals: number, left: timespec | null): number => {
    pair.set([epfd, POLLIN, signals, POLLIN])
    if (left !== null) encodeTimespec(left, time)
    const ready = ppollRaw(pair, 2, left && timeBytes, null)
    if (ready <= 0 || (pair[1] as number) >>> 16 === 0) return Math.min(ready, 0)
    return pwaitRaw(epfd, own, maxevents, 0, null)
  }
  // what it would refuse, it refuses at once; and what is ready needs no wait
  let count = check(pwaitRaw(epfd, own, maxevents, 0, null), syscall, { fd: epfd })
  if (count > 0) deliver()
  else count = waitWithHandlers(syscall, timeoutMs < 0 ? null : msToTimespec(timeoutMs), sigmask, wait)
  decodeEpollEvents(new DataView(own.buffer), count, events)
  return count
}
