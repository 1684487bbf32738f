/**
 * Room for what Node makes in a forked process, and anew in the one that forks. Node, V8 and libuv abort the process where a thread or
 * a descriptor cannot be had; so it is tried before, by having as many at once for a moment. What others take in between costs one
 * process.
 */
import { threadPoolSize } from '../engine/loop.js'
import { RLIMIT_NOFILE } from '../libc/constants.js'
import { tryDescriptors } from '../libc/fd.js'
import { PosixError } from '../libc/posix-error.js'
import { getpid, usleep } from '../libc/process.js'
import { tryLock, unlock } from '../libc/record-lock.js'
import { getrlimit } from '../libc/resource.js'
import { tryThreads } from '../libc/threads.js'
import { v8Threads } from './flags.js'
import { limitInWords, taskLimits } from './limits.js'
import { isPlenty, lookForPlenty } from './plenty.js'

export interface Room {
  /** Processes count as threads do. */
  readonly threads: number
  readonly descriptors: number
}

/** There is less room than is needed. Its code is EAGAIN, ENOMEM, EMFILE or ENFILE. */
export class NoRoom extends PosixError {
  constructor(errno: number, { threads, descriptors }: Room, forThreads: boolean) {
    super(errno, forThreads ? 'pthread_create' : 'pipe2')
    const needed = forThreads ? `${threads} more processes and threads` : `${descriptors} more descriptors`
    this.message += `: ${needed} are needed${forThreads ? tasksInWords() : `; ulimit -n is ${openFiles()}`}`
  }
}

const openFiles = (): number => getrlimit(RLIMIT_NOFILE).soft

function tasksInWords(): string {
  try {
    return taskLimits()
      .map((limit) => `; ${limitInWords(limit)}`)
      .join('')
  } catch {
    return '' // short of descriptors as well
  }
}

/** Beyond what is known to be needed: for others, and for what libraries open at once. */
const SPARE = 4
/** Of a loop: its epoll, its wake-up and its signal pipe; of V8's scheduler the same; a poller of ours. */
const LOOP_DESCRIPTORS = 12

/** What a process needs that runs the whole of Node. */
export const roomForNode = (): Room => ({
  threads: v8Threads(1) + threadPoolSize() + SPARE,
  descriptors: LOOP_DESCRIPTORS + SPARE,
})

/** What a process needs that runs long, but without Node's loop. */
export const roomForLong = (): Room => ({ threads: v8Threads(1), descriptors: LOOP_DESCRIPTORS + SPARE })

/** What the process that forks needs while it does, with a child that needs `child`. */
export const roomToFork = (child: Room): Room => ({
  threads: 1 + Math.max(child.threads, SPARE),
  descriptors: child.descriptors + SPARE,
})

/** For a child that is synchronous and leaves by `_exit`. */
export const ROOM_FOR_BRIEF: Room = { threads: 0, descriptors: SPARE }

const lack = (room: Room): [errno: number, room: Room, forThreads: boolean] | undefined => {
  const descriptors = tryDescriptors(room.descriptors)
  if (descriptors !== 0) return [descriptors, room, false]
  const threads = room.threads > 0 ? tryThreads(room.threads) : 0
  return threads === 0 ? undefined : [threads, room, true]
}

/** @throws {NoRoom} when there is less */
export function assertRoom(room: Room): void {
  const lacking = lack(room)
  if (lacking !== undefined) throw new NoRoom(...lacking)
}

export const hasRoom = (room: Room): boolean => lack(room) === undefined

/** For what can be done without. */
export function hasRoomNow(room: Room): boolean {
  lookForPlenty()
  return isPlenty() || hasRoom(room)
}

const FIRST_WAIT_MS = 5
const LONGEST_WAIT_MS = 500
/** How long others take to make their threads. */
const TURN_MS = 2

/**
 * Acts once there is room. The calling thread sleeps until then, a little longer each time, and not in step with others that wait.
 *
 * @param short called before each sleep
 * @param lock a descriptor shared by all who make threads at the same time, open for writing: one at a time tries and makes them
 */
export function whenRoom(room: Room, short: (refusal: () => NoRoom) => void, act: () => void, lock = -1): void {
  const plenty = isPlenty()
  if (!plenty) awaitRoom(room, short, lock)
  act()
  if (!plenty && lock >= 0) unlock(lock)
}

/** A little longer than making threads takes. */
const PATIENCE_TURNS = 10

/**
 * Forks at a moment at which no other process makes threads: it has tried whether there is room.
 *
 * @param lock see `whenRoom`
 */
export function inTurn(lock: number, fork: () => number): number {
  for (let turn = 0; turn < PATIENCE_TURNS && tryLock(lock) === false; turn++) usleep(1000 * TURN_MS)
  try {
    return fork() // whose child does not have the lock
  } finally {
    unlock(lock)
  }
}

function awaitRoom(room: Room, short: (refusal: () => NoRoom) => void, lock: number): void {
  let waitMs = FIRST_WAIT_MS
  for (;;) {
    while (lock >= 0 && tryLock(lock) === false) usleep(1000 * TURN_MS)
    const lacking = lack(room)
    if (lacking === undefined) return
    if (lock >= 0) unlock(lock)
    short(() => new NoRoom(...lacking))
    usleep(1000 * (waitMs + ((getpid() * 7) % waitMs)))
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)
  }
}
