/** Which descriptors a process holds, and closing those that are not its own. */
import { readdirSync, readlinkSync } from 'node:fs'
import { uv_loop_fork } from '../engine/loop.js'
import { O_CLOEXEC, O_RDWR } from '../libc/constants.js'
import { epoll_create1 } from '../libc/epoll.js'
import { close, close_range, dup3, open, pipe2, write } from '../libc/fd.js'
import { compareFiles } from '../libc/kcmp.js'
import { hasInput } from '../libc/poll.js'
import { getpid } from '../libc/process.js'
import { withoutSignals } from '../libc/signal.js'
import { closeReactors } from '../reactor/node-reactor.js'
import { isKeptOnFork } from './close-on-fork.js'

/** First and last descriptor, both included. */
export type Run = readonly [first: number, last: number]

/** Joins descriptors into runs, so that closing many costs few calls. */
export function runs(fds: readonly number[]): Run[] {
  const sorted = [...new Set(fds)].sort((a, b) => a - b)
  const joined: [number, number][] = []
  for (const fd of sorted) {
    const last = joined.at(-1)
    if (last !== undefined && last[1] === fd - 1) last[1] = fd
    else joined.push([fd, fd])
  }
  return joined
}

/** The runs without one descriptor. */
export const without = (list: readonly Run[], fd: number): Run[] =>
  list.flatMap(([first, last]): Run[] =>
    fd < first || fd > last
      ? [[first, last]]
      : [[first, fd - 1] as const, [fd + 1, last] as const].filter(([from, to]) => from <= to),
  )

/** Closes every descriptor of the runs; those that are closed already do not matter. */
export function closeRuns(list: readonly Run[]): void {
  for (const [first, last] of list) close_range(first, last)
}

interface Descriptor {
  fd: number
  /** `socket:[123]`, `anon_inode:[eventpoll]`, a path */
  target: string
}

/** The open descriptors of a process. */
export function descriptors(pid: number | 'self' = 'self'): Descriptor[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).flatMap((name) => {
    try {
      return [{ fd: Number(name), target: readlinkSync(`${folder}/${name}`) }]
    } catch {
      return [] // the one that read the folder
    }
  })
}

const EVENTPOLL = 'anon_inode:[eventpoll]'
/** The number of the still loop's epoll. */
let stilled = -1

/** The ends of the pipe by which libuv's threads exclude each other from its list of signals: a byte in it is the right to go on. */
let lock: { readEnd: number; writeEnd: number } | undefined

function lockOf(own: readonly Descriptor[]): typeof lock {
  const readEnd = own.find(({ fd, target }) => target.startsWith('pipe:') && hasInput(fd))
  const writeEnd = own.find(({ fd, target }) => target === readEnd?.target && fd !== readEnd.fd)
  return readEnd === undefined || writeEnd === undefined ? undefined : { readEnd: readEnd.fd, writeEnd: writeEnd.fd }
}

/** Whether what libuv's handlers of fork(2) would do in a child can be done later, by `renewSignalLock`. */
export const canForkLightly = (): boolean => lock !== undefined

/**
 * In a process forked without libuv's handlers: gives it a lock of its own. Signals wait meanwhile: libuv's handler waits for the lock,
 * for ever where it interrupts whoever is about to open it.
 */
export function renewSignalLock(): void {
  const { readEnd: from, writeEnd: to } = lock ?? {}
  if (from === undefined || to === undefined) return
  withoutSignals(() => {
    const [readEnd, writeEnd] = pipe2(O_CLOEXEC)
    dup3(readEnd, from, O_CLOEXEC)
    dup3(writeEnd, to, O_CLOEXEC)
    for (const fd of [readEnd, writeEnd]) close(fd)
    write(to, Buffer.from('*'))
  })
}

/**
 * In a process forked from one whose loop was stilled: gives the loop an epoll of its own. It is asked whether a descriptor can be
 * watched, before the loop is run.
 */
export function answerForLoop(): void {
  const fd = epoll_create1()
  // a number in both cases, and no call in one only: what V8 has never seen called costs each process its compiled code
  dup3(fd, practice >= 0 && getpid() === practiser ? practice : stilled, O_CLOEXEC)
  close(fd)
}

/** A descriptor for a rehearsal to replace, and in which process. */
let practice = -1
let practiser = 0

/** Whether `answerForLoop` can be called, and rehearsed in this process until `endPractice`. */
export function beginPractice(): boolean {
  if (stilled < 0) return false
  practice = open('/dev/null', O_RDWR | O_CLOEXEC)
  practiser = getpid()
  return true
}

export function endPractice(): void {
  if (practice >= 0) close(practice)
  practice = -1
}

/** Descriptors of event loops: nothing that user code can open from JavaScript. */
const isLoopOwned = (target: string, all: readonly Descriptor[]): boolean =>
  /^anon_inode:\[(eventpoll|eventfd|io_uring)\]$/.test(target) ||
  (target.startsWith('pipe:') && all.filter((other) => other.target === target).length === 2)

/** Puts the null device under numbers that must stay taken: what is written there is gone. */
export function deaden(fds: readonly number[]): void {
  const nothing = open('/dev/null', O_RDWR | O_CLOEXEC)
  for (const fd of fds) dup3(nothing, fd, O_CLOEXEC)
  close(nothing)
}

/**
 * In a freshly forked process that will not run Node's event loop, but whose children may: every descriptor of the
 * parent's loops is let go, and a fresh loop of its own is stilled, its descriptors replaced by the null device.
 * They stay open, because V8 goes on waking the loop from its collector, and libuv aborts where that fails.
 *
 * @param parent whose loops were inherited
 * @param mine descriptors to leave alone
 */
export function stillLoop(parent: number, mine: readonly number[]): void {
  uv_loop_fork()
  closeReactors()
  const all = descriptors()
  const own: number[] = []
  for (const { fd, target } of all) {
    if (fd <= 2 || mine.includes(fd) || isKeptOnFork(fd) || !isLoopOwned(target, all)) continue
    // the same open file description as the parent's under this number: not of our loop. kcmp(2)
    const shared = compareFiles(process.pid, fd, parent, fd) === 0
    if (shared) close(fd)
    else own.push(fd)
    if (!shared && target === EVENTPOLL) stilled = fd
  }
  lock = lockOf(all.filter(({ fd }) => own.includes(fd)))
  deaden(own)
}
