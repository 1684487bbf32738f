/**
 * Programs as in C: one thread, blocking calls, `fork` as often as they like, an exit status. Node's event loop never
 * runs in them, so a fork needs nothing but fork(2), and signals have only one thread to go to.
 */

import { exitAtOnce, exit as exitProgram, leave } from '../engine/ending.js'
import { wakeForGood } from '../engine/handles.js'
import { renewIdentity } from '../engine/identity.js'
import { complain } from '../engine/output/complain.js'
import { waitForReaders } from '../engine/output/patience.js'
import { takeStreams } from '../engine/output/streams.js'
import { describe } from '../engine/output/words.js'
import { closeThreadsToSignals } from '../engine/pool.js'
import { forkQuiesced, quiesce, fork as reviveFork } from '../fork/fork.js'
import { leaveLoaders } from '../fork/loaders.js'
import { forkBeside } from '../fork/sleepers.js'
import { passStandardDescriptors } from '../fork/standard-descriptors.js'
import { restoreUnasked } from '../fork/unasked-signals.js'
import { forkWay } from '../fork/way.js'
import type { Pid } from '../libc/brand.js'
import { SIG_UNBLOCK, SIGABRT, SIGINT, SIGPIPE, SIGTERM, SIGUSR1 } from '../libc/constants.js'
import { inspect } from '../libc/node-util.js'
import { defaultSignal } from '../libc/signal.js'
import { SIG_DFL } from '../libc/signal-constants.js'
import { int, refuse } from './arguments/check.js'
import { caught } from './handlers/caught-signals.js'
import { forgetSignalDescriptor } from './handlers/interruptible.js'
import { raise } from './handlers/raise.js'
import { signal } from './handlers/sigaction.js'
import { sigprocmask } from './handlers/sigprocmask.js'
import { sayWhatNeverFires } from './never-fires.js'

/** What a program is: it gets its name and arguments, and returns its exit status, 0 when it returns nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is what is meant
export type Program = (argv: string[]) => number | void

/** What a forked child is, likewise. */
// biome-ignore lint/suspicious/noConfusingVoidType: as above
export type Child = () => number | void

/** Signals that Node ignores or catches, and of which a C program starts with the default. SIGXFSZ is 25. */
const NODES_OWN = [SIGINT, SIGTERM, SIGPIPE, SIGUSR1, 25]

/** Whether this process is a program, or a child that was forked to run one function. */
let single = false

/** What a child must not share with its parent; it is alone, whatever threads the parent has. */
function becomeProgramChild(): void {
  caught.mayCatch = true
  leaveLoaders()
  renewIdentity(false)
  forgetSignalDescriptor()
}

/** Runs to the end of the process: the status returned, or 1 after an exception, which is printed. */
function conclude(program: Child): never {
  let status: unknown
  try {
    status = program() ?? process.exitCode ?? 0
    if (typeof status !== 'number')
      throw new TypeError(`main: expected to return a status or nothing, got ${inspect(status)}`)
  } catch (error) {
    complain(`Uncaught ${describe(error)}`)
    status = 1
  }
  return leave(status as number)
}

/** Leaves this thread alone with the kernel, for good. */
function becomeSingle(): void {
  quiesce(true)
  const way = forkWay()
  // in way `flags` V8 keeps a thread that takes signals
  caught.mayCatch = 'way' in way && way.way === 'stop-start' && closeThreadsToSignals().length === 0
  beProgram()
}

/** Ends and takes signals as a C program does. */
function beProgram(): void {
  single = true
  wakeForGood()
  exitAtOnce()
  takeStreams(false)
  waitForReaders()
  passStandardDescriptors()
  restoreUnasked()
  for (const signal of NODES_OWN) defaultSignal(signal)
}

/**
 * Runs a program as C runs `main`, at once and to the end of the process, whose status it returns. Any top level will do. In it
 * `fork` is cheap and as free as in C, and signals can be caught. Timers, promises and streams do not go on: the event loop never
 * runs. `console.log` and synchronous calls work. SIGINT, SIGTERM, SIGPIPE and SIGUSR1 have their default action.
 *
 * ```ts
 * posix.main(() => {
 *   const pid = posix.fork()
 *   if (pid === 0) return 24
 *   const { status } = posix.wait()
 *   console.log(pid, posix.WEXITSTATUS(status))
 * })
 * ```
 *
 * @throws {ForkRefused} when other threads are in the way, a Worker for example
 */
export function main(program: Program): never {
  if (typeof program !== 'function') refuse('main', 'a function', program)
  becomeSingle()
  sayWhatNeverFires()
  return conclude(() => program(process.argv.slice(1)))
}

/**
 * Ends the process as the end of `main` does: what listens for `exit` is called, and what was printed is out. exit(3)
 *
 * @param status only the low 8 bits count
 */
export function exit(status: number): never {
  int('status', status)
  return single ? exitProgram(status & 0xff) : process.exit(status & 0xff)
}

/** Ends the process by SIGABRT: its handler runs first, and if it returns, the default action follows. abort(3) */
export function abort(): never {
  sigprocmask(SIG_UNBLOCK, [SIGABRT])
  raise(SIGABRT)
  signal(SIGABRT, SIG_DFL)
  raise(SIGABRT)
  throw new Error('unreachable: SIGABRT did not end the process')
}

/**
 * Duplicates this process. fork(2)
 *
 * In a program that `main` runs it is fork(2) and nothing else. Elsewhere, without a function, it is `fork` of `tined`,
 * whose child runs the whole of Node and which refuses where that would be unsafe.
 *
 * @param child runs in the child only, synchronously, and gives its exit status; no other code of the child runs
 * @returns 0 in the child, which is only seen without a function; the child's pid in the parent
 * @throws {PosixError} EAGAIN (process limit), ENOMEM
 * @throws {ForkRefused} outside of `main`, when it would be unsafe, with the reason and the remedy
 */
export function fork(child?: Child): Pid {
  if (child !== undefined && typeof child !== 'function') refuse('child', 'a function', child)
  if (!single && child === undefined) return reviveFork() as Pid
  const pid = single ? forkBeside() : quietFork()
  if (pid !== 0) return pid as Pid
  becomeProgramChild()
  return child === undefined ? (0 as Pid) : conclude(child)
}

/** From a process that goes on with Node: only the child becomes a program. */
function quietFork(): number {
  quiesce(true)
  const pid = forkQuiesced()
  if (pid === 0) beProgram()
  return pid
}
