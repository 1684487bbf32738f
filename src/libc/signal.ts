/** Signal sets, masks, dispositions, signalfd. */
import { constants } from 'node:os'
import { O_CLOEXEC, O_NONBLOCK, SIG_BLOCK, SIG_SETMASK } from './constants.js'
import { read } from './fd.js'
import { c, dlsym } from './ffi.js'
import { check } from './posix-error.js'
import { sigactionRaw, sigmaskRaw, signalfdRaw } from './raw.js'
import { type SigSet, sigemptyset, sigfillset } from './sigset.js'

export type { SigSet } from './sigset.js'

const signalRaw: (signal: number, handler: number) => number = c('uint64_t signal(int sig, uint64_t handler)')

/** Encodes a set of signal numbers. sigsetops(3) */
export function sigset(signals: readonly number[]): SigSet {
  const set = sigemptyset()
  for (const signal of signals) {
    if (!Number.isInteger(signal) || signal < 1 || signal > 64)
      throw new RangeError(`signal: expected 1 to 64, got ${signal}`)
    const byte = (signal - 1) >> 3
    set[byte] = (set[byte] as number) | (1 << ((signal - 1) & 7))
  }
  return set
}

/** The signal numbers in a set. */
export function sigsetMembers(set: SigSet): number[] {
  const members: number[] = []
  for (let signal = 1; signal <= 64; signal++)
    if ((set[(signal - 1) >> 3] as number) & (1 << ((signal - 1) & 7))) members.push(signal)
  return members
}

function changeMask(how: number, set: SigSet | null): SigSet {
  const old = sigemptyset()
  check(-sigmaskRaw(how, set, old), 'sigprocmask')
  return old
}

/** Blocks the set on the calling thread; returns the mask before. sigprocmask(2) */
export const blockSignals = (set: SigSet): SigSet => changeMask(SIG_BLOCK, set)
/** Replaces the mask, typically with one that `blockSignals` returned. */
export const setSignalMask = (set: SigSet): SigSet => changeMask(SIG_SETMASK, set)
/** Replaces the mask without asking for the old one; allocates nothing. */
export const applySignalMask = (set: SigSet): void => void sigmaskRaw(SIG_SETMASK, set, null)

const EVERY_SIGNAL = sigfillset()

/** Runs `act` while no signal is handled on the calling thread; those that come wait until it is over. */
export function withoutSignals<Result>(act: () => Result): Result {
  const mask = blockSignals(EVERY_SIGNAL)
  try {
    return act()
  } finally {
    setSignalMask(mask)
  }
}

/** The mask as it is. */
export const signalMask = (): SigSet => changeMask(SIG_BLOCK, null)

/** Gives a signal its default action back. signal(2), SIG_DFL */
export const defaultSignal = (signal: number): void => void signalRaw(signal, 0)

/** Ignores a signal, also in what is executed from here. signal(2), SIG_IGN */
export const ignoreSignal = (signal: number): void => void signalRaw(signal, 1)

/** Of struct sigaction, the same with glibc and musl, on x86-64 and arm64. */
export const ACTION_BYTES = 152

/**
 * Gives a signal its default action. What is returned puts the one before back as it was, with its mask and flags. sigaction(2)
 *
 * @throws {PosixError} EINVAL
 */
export function holdAction(signal: number): () => void {
  const before = Buffer.alloc(ACTION_BYTES)
  check(sigactionRaw(signal, Buffer.alloc(ACTION_BYTES), before), 'sigaction')
  return () => void check(sigactionRaw(signal, before, null), 'sigaction')
}

const siginterruptRaw: (signal: number, flag: number) => number = c('int siginterrupt(int sig, int flag)')

/**
 * Makes a signal do nothing but interrupt the system call that the process is in, which then fails with EINTR. What is called for it is
 * abs(3): a function of C that takes a number and changes nothing. siginterrupt(3)
 */
export function interruptOnly(signal: number): void {
  const harmless = dlsym('abs')
  if (harmless === undefined) throw new Error('abs is not exported by the C library')
  signalRaw(signal, Number(harmless))
  check(siginterruptRaw(signal, 1), 'siginterrupt')
}

/** A descriptor from which the blocked signals of `set` are read; non-blocking, close-on-exec. signalfd(2) */
export const signalfd = (set: SigSet): number => check(signalfdRaw(-1, set, O_CLOEXEC | O_NONBLOCK), 'signalfd')

const SIGINFO_BYTES = 128
/** Word of 4 bytes. */
const SENDER = 3
const infos = new Uint32Array((SIGINFO_BYTES / 4) * 16)
const infoBytes = new Uint8Array(infos.buffer)

/** Takes the signal numbers waiting on a signalfd; empty when none. Standard signals coalesce. */
export function readSignals(fd: number): number[] {
  const taken: number[] = []
  const bytes = read(fd, infoBytes) ?? 0
  for (let at = 0; at < bytes; at += SIGINFO_BYTES) taken.push(infos[at / 4] as number)
  return taken
}

const names = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]))
names.set(constants.signals.SIGABRT, 'SIGABRT') // Node lists SIGIOT, its other name, as well

/** Who sent one of those that were taken last: 0 for the kernel, and for a process that has no pid here. @param place among them */
export const senderOf = (place: number): number => infos[(place * SIGINFO_BYTES) / 4 + SENDER] as number

/** `SIGTERM` for 15; `signal 40` for one without a name. */
export const signalName = (signal: number): string => names.get(signal) ?? `signal ${signal}`
