/** Dispositions: signal and sigaction, with handlers in TypeScript. docs/signals.md says what differs from C. */

import { hooksWorker } from '../../engine/module-hooks.js'
import { loaderName } from '../../fork/loaders.js'
import { EINVAL, SIGKILL, SIGSTOP } from '../../libc/constants.js'
import { type Address, dlsym } from '../../libc/ffi.js'
import { check, PosixError } from '../../libc/posix-error.js'
import { sigactionRaw } from '../../libc/raw.js'
import type { SigInfo } from '../../libc/siginfo.js'
import { ACTION_BYTES } from '../../libc/signal.js'
import { SA_NOCLDSTOP, SA_NOCLDWAIT, SA_RESTART, SA_SIGINFO, SIG_DFL, SIG_IGN } from '../../libc/signal-constants.js'
import { bitsOf, MAX_SIGNAL, type Signals, sigsetOfBits } from '../../libc/sigset.js'
import { long, struct } from '../arguments/check.js'
import { actionOf, catchSignal, caught, deliver, releaseSignal, reset } from './caught-signals.js'

export type SignalHandler = (signal: number) => void
export type SignalAction = (signal: number, info: SigInfo) => void

/** What happens on a signal: SIG_DFL, SIG_IGN, a function; or the address of a C handler, as a query returned it. */
export type Disposition = typeof SIG_DFL | typeof SIG_IGN | SignalHandler | Address

/**
 * struct sigaction. In C `sa_handler` and `sa_sigaction` are one place in memory: here either is taken that is given. Where both
 * are, SA_SIGINFO in `sa_flags` decides. sigaction(2)
 */
export interface Sigaction {
  /** @default SIG_DFL */
  sa_handler?: Disposition
  /** A function is called with the siginfo, and needs SA_SIGINFO. C's third argument, the context, is not there. */
  sa_sigaction?: SignalAction | typeof SIG_DFL | typeof SIG_IGN
  /** Blocked while the handler runs, besides the signal itself. @default none */
  sa_mask?: Signals
  /** SA_RESTART, SA_NODEFER, SA_RESETHAND, SA_NOCLDSTOP, SA_NOCLDWAIT, SA_SIGINFO. @default 0 */
  sa_flags?: number
}

/** Offsets in struct sigaction, the same with glibc and musl, on x86-64 and arm64. */
const SIGACTION = { mask: 8, flags: 136 }
/** Flags that are the kernel's business; the others are ours, at safe points. */
const KERNEL_FLAGS = SA_NOCLDSTOP | SA_NOCLDWAIT

/**
 * A C function that takes a number and does nothing. It never runs for a caught signal, which is blocked; but a disposition
 * other than SIG_DFL keeps the kernel from dropping what waits.
 */
export const placeholder = dlsym('abs') as Address

function encode(handler: Address | number, mask: bigint, flags: number): Buffer {
  const bytes = Buffer.alloc(ACTION_BYTES)
  bytes.writeBigUInt64LE(BigInt(handler), 0)
  bytes.writeBigUInt64LE(mask, SIGACTION.mask)
  bytes.writeUInt32LE(flags >>> 0, SIGACTION.flags)
  return bytes
}

function decode(bytes: Buffer): Sigaction {
  const address = bytes.readBigUInt64LE(0)
  return {
    sa_handler: address > 1n ? address : address === 1n ? SIG_IGN : SIG_DFL,
    sa_mask: sigsetOfBits(bytes.readBigUInt64LE(SIGACTION.mask)),
    sa_flags: bytes.readUInt32LE(SIGACTION.flags),
  }
}

/** The disposition as the kernel has it. */
export function kernelAction(signal: number): Sigaction {
  const bytes = Buffer.alloc(ACTION_BYTES)
  check(sigactionRaw(signal, null, bytes), 'sigaction')
  return decode(bytes)
}

/** Gives a signal a C handler or its default for purposes of ours. */
export const setKernelAction = (signal: number, handler: Address | typeof SIG_DFL): void =>
  void check(sigactionRaw(signal, encode(handler, 0n, 0), null), 'sigaction')

/** Signals that the program itself has set: not ours to use. */
export const taken = new Set<number>()

function query(signal: number): Sigaction {
  const action = actionOf(signal)
  if (action === undefined) return kernelAction(signal)
  const common = { sa_mask: sigsetOfBits(action.mask), sa_flags: action.flags }
  return action.withInfo
    ? { ...common, sa_sigaction: action.handler as SignalAction }
    : { ...common, sa_handler: action.handler as SignalHandler }
}

function assertMayCatch(): void {
  if (caught.mayCatch) return
  const remedy =
    hooksWorker() === undefined
      ? 'Run the program in posix.main(), or the child by posix.fork(function); in Node’s own loop use process.on().'
      : `One is the thread of ${loaderName()}: compile ahead and start Node without it, or let a child catch them, by posix.fork(function).`
  const message = `refusing to catch signals: this process has other threads, which would take them. ${remedy}`
  throw Object.assign(new Error(message), { code: 'ERR_SIGNAL_HANDLER_REFUSED' })
}

/** What of the union is meant. @throws {TypeError} for a function that would wait for a siginfo in vain */
function handlerIn({ sa_handler, sa_sigaction }: Sigaction, withInfo: boolean): Disposition | SignalAction {
  if (withInfo) return sa_sigaction ?? sa_handler ?? SIG_DFL
  if (sa_handler === undefined && typeof sa_sigaction === 'function')
    throw new TypeError('sa_sigaction: expected SA_SIGINFO in sa_flags; a function without siginfo is sa_handler')
  return sa_handler ?? sa_sigaction ?? SIG_DFL
}

function install(signal: number, act: Sigaction, call: string): void {
  const flags = act.sa_flags ?? 0
  long('sa_flags', flags)
  const mask = bitsOf(act.sa_mask ?? [])
  const withInfo = (flags & SA_SIGINFO) !== 0
  const handler = handlerIn(act, withInfo)
  if (typeof handler === 'function') {
    assertMayCatch()
    catchSignal(signal, { handler: handler as SignalHandler, withInfo, mask, flags })
    check(sigactionRaw(signal, encode(placeholder, 0n, flags & KERNEL_FLAGS), null), call)
  } else if (handler === SIG_DFL || handler === SIG_IGN || typeof handler === 'bigint') {
    check(sigactionRaw(signal, encode(handler, mask, flags & ~SA_SIGINFO), null), call)
    releaseSignal(signal)
  } else {
    const name = withInfo && act.sa_sigaction !== undefined ? 'sa_sigaction' : 'sa_handler'
    throw new TypeError(`${name}: expected a function, SIG_DFL or SIG_IGN, got ${String(handler)}`)
  }
}

function checkSignal(signal: number, call: string): void {
  if (!Number.isInteger(signal)) throw new TypeError(`signal: expected a whole number, got ${signal}`)
  const reserved = signal === 32 || signal === 33 // the C library's own
  if (signal < 1 || signal > MAX_SIGNAL || reserved) throw new PosixError(EINVAL, call)
}

function exchange(signal: number, act: Sigaction | null, call: string): Sigaction {
  checkSignal(signal, call)
  deliver()
  const before = query(signal)
  if (act === null) return before
  if (typeof act !== 'object')
    throw new TypeError(`act: expected an object with sa_handler or sa_sigaction, got ${String(act)}`)
  if (signal === SIGKILL || signal === SIGSTOP) throw new PosixError(EINVAL, call)
  install(signal, act, call)
  taken.add(signal)
  return before
}

/**
 * Sets what happens on `signal`; without `act` only asks. A function runs at safe points: in and around blocking calls, when a
 * signal is sent to oneself, when the mask changes, and in `sched_yield`. What it throws comes out of that call.
 *
 * @param act `null`, or C's 0: only asks
 * @param oldact an object to be filled in, as in C; `null` or 0 for none. What it would have is returned as well
 * @returns the action before, C's `oldact`
 * @throws {PosixError} EINVAL: no such signal, or SIGKILL or SIGSTOP
 * @throws {Error} ERR_SIGNAL_HANDLER_REFUSED: a function, in a process that runs other threads. sigaction(2)
 */
export function sigaction(
  signal: number,
  act: Sigaction | null | 0 = null,
  oldact: Sigaction | null | 0 = null,
): Sigaction {
  const before = exchange(signal, act === 0 ? null : act, 'sigaction')
  if (oldact !== null && oldact !== 0) {
    struct('oldact', oldact)
    for (const member of ['sa_handler', 'sa_sigaction'] as const) delete oldact[member]
    Object.assign(oldact, before)
  }
  return before
}

/**
 * Sets what happens on `signal`, as BSD and the C library do: calls restart, the handler stays, the signal is blocked in it.
 *
 * @returns the disposition before
 * @throws {PosixError} EINVAL: no such signal, or SIGKILL or SIGSTOP. signal(2)
 */
export function signal(signal: number, handler: Disposition): Disposition | SignalAction {
  const { sa_handler, sa_sigaction } = exchange(signal, { sa_handler: handler, sa_flags: SA_RESTART }, 'signal')
  return sa_sigaction ?? sa_handler ?? SIG_DFL
}

reset.toDefault = (signal) => {
  check(sigactionRaw(signal, encode(SIG_DFL, 0n, 0), null), 'sigaction')
  releaseSignal(signal)
}
