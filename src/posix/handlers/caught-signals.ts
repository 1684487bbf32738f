/**
 * The signals that TypeScript catches. A caught signal stays blocked in the kernel, where standard ones coalesce and
 * real-time ones queue; at a safe point it is taken from there and its handler called. So C never calls JavaScript.
 *
 * `user` is the mask the program knows; the kernel's is that and all that is caught. Sound only while no other thread
 * has them unblocked: `mayCatch` says whether that was made sure of (src/posix/program.ts).
 */

import { EAGAIN, EINTR, SIG_BLOCK, SIG_SETMASK, SIGKILL, SIGSTOP } from '../../libc/constants.js'
import { c, lastErrno } from '../../libc/ffi.js'
import { PosixError } from '../../libc/posix-error.js'
import { sigmaskRaw } from '../../libc/raw.js'
import { decodeSiginfo, SIGINFO_BYTES, type SigInfo } from '../../libc/siginfo.js'
import { SA_NODEFER, SA_RESETHAND, SA_RESTART } from '../../libc/signal-constants.js'
import { bitOf, bitsOf, type SigSet, sigemptyset } from '../../libc/sigset.js'

const sigtimedwaitRaw: (set: SigSet, info: Buffer, timeout: BigInt64Array | null) => number = c(
  'int sigtimedwait(void *set, void *info, void *timeout)',
)

/** A handler and what it was installed with. */
export interface CaughtAction {
  handler: (signal: number, info?: SigInfo) => void
  /** Whether the handler wants the siginfo: SA_SIGINFO. */
  withInfo: boolean
  mask: bigint
  flags: number
}

/** What became of the signals that were waiting: none was, or handlers ran, the first with or without SA_RESTART. */
export type Delivery = 'none' | 'restart' | 'interrupt'

/** `any`: whether a blocking call has to mind handlers at all. The one thing that hot paths look at. `runs`: handlers called so far. */
export const caught = { any: false, mayCatch: false, runs: 0 }

const actions = new Map<number, CaughtAction>()
let handled = 0n
/** What the program blocks; tracked from the first handler on. */
let user: bigint | undefined
/** Blocked besides, for the length of a call. */
let extra = 0n
/** Not blocked, whatever the program says: what ends a call of ours that waits in vain. */
let open = 0n
let applied = 0n

const ALL = 0xffff_ffff_ffff_ffffn

const maskBuffer = sigemptyset()
const setBuffer = sigemptyset()
const infoBuffer = Buffer.alloc(SIGINFO_BYTES)
const zero = new BigInt64Array(2)

/** The mask as the kernel has it for this thread. */
function kernelMask(): bigint {
  sigmaskRaw(SIG_BLOCK, null, maskBuffer)
  return bitsOf(maskBuffer)
}

function applyMask(): void {
  const wanted = ((user ?? 0n) & ~open) | handled | extra
  if (wanted === applied) return
  maskBuffer.writeBigUInt64LE(wanted, 0)
  sigmaskRaw(SIG_SETMASK, maskBuffer, null)
  applied = wanted
}

/** The handler of `signal`, if TypeScript catches it. */
export const actionOf = (signal: number): CaughtAction | undefined => actions.get(signal)

/** Installs a handler; the signal is blocked in the kernel from here on. */
export function catchSignal(signal: number, action: CaughtAction): void {
  if (user === undefined) {
    user = kernelMask()
    applied = user
  }
  actions.set(signal, action)
  handled |= bitOf(signal)
  caught.any = true
  applyMask()
}

/** Removes a handler; its signal has the disposition that the kernel knows for it. */
export function releaseSignal(signal: number): void {
  if (!actions.delete(signal)) return
  handled &= ~bitOf(signal)
  caught.any = actions.size > 0
  applyMask()
}

/** The mask as the program knows it. */
export const userMask = (): bigint => user ?? kernelMask()

/** What the kernel and the C library never block. */
const UNBLOCKABLE = bitOf(SIGKILL) | bitOf(SIGSTOP) | bitOf(32) | bitOf(33)

/** Replaces the mask that the program knows. */
export function setUserMask(signals: bigint): void {
  const mask = signals & ~UNBLOCKABLE
  if (user === undefined) {
    maskBuffer.writeBigUInt64LE(mask, 0)
    sigmaskRaw(SIG_SETMASK, maskBuffer, null)
    return
  }
  user = mask
  applyMask()
}

/** Keeps signals unblocked in the kernel, unseen by the program, as long as it does not catch them. */
export function keepOpen(signals: bigint): void {
  open = signals
  applyMask()
}

/** Runs `call` with more signals blocked in the kernel, unseen by the program. */
export function withBlocked<Result>(more: bigint, call: () => Result): Result {
  const before = extra
  extra |= more
  applyMask()
  try {
    return call()
  } finally {
    extra = before
    applyMask()
  }
}

/** Runs `call` with the mask that the program knows in force, for execve(2), which keeps it. */
export function withUserMask<Result>(call: () => Result): Result {
  if (user === undefined) return call()
  const before = { handled, open }
  handled = 0n
  open = 0n
  applyMask()
  try {
    return call()
  } finally {
    handled = before.handled
    open = before.open
    applyMask()
  }
}

/** Signals that are caught and not blocked by the program. */
export const deliverable = (): bigint => handled & ~(user ?? 0n)

/**
 * Takes one waiting signal of `bits`, lowest number first. sigtimedwait(2)
 *
 * @param timeout seconds and nanoseconds, null for as long as it takes; none by default
 * @returns its number; 0 when none came in time, -1 when the wait was interrupted by a stop
 */
export function take(bits: bigint, timeout: BigInt64Array | null = zero): number {
  setBuffer.writeBigUInt64LE(bits, 0)
  const signal = sigtimedwaitRaw(setBuffer, infoBuffer, timeout)
  if (signal > 0) return signal
  const errno = lastErrno()
  if (errno === EAGAIN) return 0
  if (errno === EINTR) return -1
  throw new PosixError(errno, 'sigtimedwait')
}

/** The siginfo of the signal taken last. */
export const takenInfo = (): SigInfo => decodeSiginfo(infoBuffer)

/** The same as bytes, to put it back. */
export const takenBytes = (): Buffer => Buffer.from(infoBuffer)

/** Set by `sigaction`, which knows how to give a signal its default back. */
export const reset: { toDefault: (signal: number) => void } = { toDefault: releaseSignal }

/** Calls the handler of the signal taken last, with its mask in force. What it throws passes through. */
export function run(signal: number): Delivery {
  const action = actions.get(signal)
  if (action === undefined) return 'none'
  const info = action.withInfo ? takenInfo() : undefined
  const before = user as bigint
  const held = extra
  // what the handler forks and executes starts with the mask that the program knows
  extra = 0n
  caught.runs++
  setUserMask(before | action.mask | (action.flags & SA_NODEFER ? 0n : bitOf(signal)))
  // only now: of two that wait, the second has the default action, and must not take it before the handler has run
  if (action.flags & SA_RESETHAND) reset.toDefault(signal)
  try {
    if (info === undefined) action.handler(signal)
    else action.handler(signal, info)
  } finally {
    extra = held
    setUserMask(before)
  }
  return action.flags & SA_RESTART ? 'restart' : 'interrupt'
}

/** A safe point: calls the handlers of all signals that wait, of `only` these. Says what a call they interrupted is to do. */
export function deliver(only = ALL): Delivery {
  let delivery: Delivery = 'none'
  while (caught.any) {
    const signal = take(deliverable() & only)
    if (signal === 0) break
    if (signal < 0) continue
    const ran = run(signal)
    if (delivery === 'none') delivery = ran
  }
  return delivery
}

/** Waits until a handler has run. */
export function awaitHandler(): void {
  for (;;) {
    const signal = take(deliverable(), null)
    if (signal < 0) continue
    run(signal)
    deliver()
    return
  }
}
