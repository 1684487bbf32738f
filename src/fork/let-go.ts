/**
 * What the program had open when it was forked is the launcher's. In a process forked from it, the descriptors of Node's loop are
 * replaced by dead ones: nothing is sent to the other end, and the launcher's copy lives on. Timers are stopped, listeners of the
 * process forgotten. In the processes of these that run Node's loop, the objects in JavaScript then end as if their other end had
 * gone, so that pools connect anew when they are next used. What was not opened through Node's loop (`tined/posix`,
 * `fs.openSync`) stays.
 */

import type { OpenHandle } from '../engine/handles.js'
import { forgetStoppedTimers } from '../engine/node-timers.js'
import { O_CLOEXEC, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET } from '../libc/constants.js'
import { close, dup3 } from '../libc/fd.js'
import { SO_ACCEPTCONN, SOCK_DGRAM } from '../libc/io-constants.js'
import { getsockopt, socketpair } from '../libc/socket.js'
import { closedOnFork, isKeptOnFork } from './close-on-fork.js'
import { closeRuns, runs } from './descriptors.js'
import { forgetProcessListeners } from './forget-listeners.js'
import type { Closable, OpenObjects } from './open-objects.js'
import { programHandles } from './program-handles.js'

/** What is to end in a process that runs Node's loop. */
let ending: readonly Closable[] = []

/** Takes what a process that runs Node's loop has to end, once. */
export function takeEnding(): readonly Closable[] {
  const taken = ending
  ending = []
  return taken
}

/** Whether there is anything. */
export const hasEndings = (): boolean => ending.length > 0 || process.channel != null

/** Timers of the launcher's that something was waiting for. */
let stopped = 0

/** How many timers that would have kept Node's loop going were stopped, in this process or one that it was forked from. */
export const stoppedTimers = (): number => stopped

/** A stream at its end, or a socket to which nothing ever comes. The number is its only name. */
function deadDescriptor(silent: boolean): number {
  const [kept, other] = socketpair((silent ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK)
  close(other)
  return kept
}

function isListening(fd: number): boolean {
  try {
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN) !== 0
  } catch {
    return false // a pipe, or a device: ENOTSOCK
  }
}

/** Sockets and pipes; a terminal, the standard streams and what epoll watches for others stay. */
const isLaunchers = ({ kind, fd }: OpenHandle): boolean =>
  fd > 2 && (kind === 'tcp' || kind === 'pipe' || kind === 'udp')

function replaceDescriptors(mine: readonly number[]): void {
  for (const handle of programHandles()) {
    if (!isLaunchers(handle) || mine.includes(handle.fd) || isKeptOnFork(handle.fd)) continue
    const dead = deadDescriptor(handle.kind === 'udp' || isListening(handle.fd))
    dup3(dead, handle.fd, O_CLOEXEC)
    close(dead)
  }
}

/** As after it has fired: `refresh()` of a library that keeps one for later still works. */
function stopTimer(timer: NodeJS.Timeout): void {
  const lists = timer as unknown as { _idleTimeout: number }
  const delayMs = lists._idleTimeout
  clearTimeout(timer)
  lists._idleTimeout = delayMs
}

/**
 * Called once in a process that was just forked from one that ran a program.
 *
 * @param open what that one had open
 * @param mine descriptors to leave alone
 */
export function letGo(open: OpenObjects, mine: readonly number[]): void {
  replaceDescriptors(mine)
  closeRuns(runs(closedOnFork()))
  stopped += open.timers.filter((timer) => timer.hasRef()).length
  for (const timer of open.timers) stopTimer(timer)
  for (const immediate of open.immediates) clearImmediate(immediate)
  // both of its ends may be here, and go on; but a loop that only waits for it would never end
  for (const port of open.ports) port.unref()
  forgetProcessListeners()
  if (open.timers.length > 0) forgetStoppedTimers()
  ending = open.closable
}
