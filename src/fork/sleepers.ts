/**
 * Forking beside threads that may not be ended but sleep: a loader's, while nothing is imported. A thread that waits in its loop holds
 * no lock. That it waited all through a fork shows afterwards: it would have gone to sleep once more. If it did not, the
 * child is worth nothing, and is ended before it has done anything.
 */
import { callOf, epollOf, PROFILER, registeredWith, sleepsOf, type Thread } from '../engine/threads.js'
import { O_CLOEXEC, SIGKILL } from '../libc/constants.js'
import { close, pipe2, read, write } from '../libc/fd.js'
import { _exit, kill, rawFork, waitpid } from '../libc/process.js'
import { deaden } from './descriptors.js'
import { ForkRefused } from './refused.js'

/** A profiler's thread wakes every millisecond, and a fork may take that long. */
const ATTEMPTS = 500

let sleepers: readonly Thread[] = []
/** What belongs to loops of the threads of the parent. */
let loops: readonly number[] = []

/** Notes whom the next forks are beside. */
export function noteSleepers(threads: readonly Thread[]): void {
  sleepers = threads
  const epolls = threads.flatMap(({ folder }) => epollOf(folder) ?? [])
  loops = epolls.flatMap((epoll) => [epoll, ...registeredWith(epoll)])
}

/** In no system call, or made to wait outside of one, for memory say. */
const AWAKE = /running|-1/

const stateOf = ({ folder }: Thread): string => `${callOf(folder)} ${sleepsOf(folder)}`
const states = (): string => sleepers.map(stateOf).join()

/** Called in a forked process: descriptors that another thread's loop would be woken by stay writable, and wake nobody. */
export function leaveLoops(): void {
  if (loops.length > 0) deaden(loops)
  loops = []
}

/**
 * `rawFork` in a process that `quiesce` has prepared.
 *
 * @throws {ForkRefused} when a thread woke up during each attempt
 */
export function forkBeside(): number {
  if (sleepers.length === 0) return rawFork()
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pid = forkOnce()
    if (pid !== undefined) return pid
  }
  throw new ForkRefused(...whyNot())
}

function whyNot(): [reason: string, remedy: string] {
  const names = sleepers.map(({ name }) => name)
  if (names.includes(PROFILER))
    return [
      'the thread that takes samples for --cpu-prof woke up during each attempt to fork',
      'Sample less often, with --cpu-prof-interval=20000, or profile with model single.',
    ]
  return [
    `a loader's thread (${[...new Set(names)].join(', ')}) woke up during each attempt to fork`,
    'A lock it held would stay locked in the child for ever: compile ahead, and start Node without the loader.',
  ]
}

/** @returns undefined when a thread woke up meanwhile; then there is no child */
function forkOnce(): number | undefined {
  const before = states()
  const [verdict, pronounce] = pipe2(O_CLOEXEC)
  let pid: number
  try {
    pid = rawFork()
  } catch (error) {
    close(verdict)
    close(pronounce)
    throw error
  }
  if (pid === 0) {
    close(pronounce)
    if (read(verdict, new Uint8Array(1)) !== 1) _exit(1)
    close(verdict)
    sleepers = [] // they are not here
    return 0
  }
  close(verdict)
  let slept = false
  try {
    slept = states() === before && !AWAKE.test(before)
    if (slept) write(pronounce, new Uint8Array(1))
  } finally {
    close(pronounce)
    if (!slept) {
      kill(pid, SIGKILL)
      waitpid(pid)
    }
  }
  return slept ? pid : undefined
}
