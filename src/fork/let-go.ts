/**
 * What the program had open when it was forked is the launcher's. Here, in a process forked from it, each descriptor of Node's loop
 * is replaced by a dead one: nothing is sent to the other end, and the launcher's copy lives on. Once this process, or one forked
 * from it, runs Node's loop, libuv finds the end of the stream, and the object in JavaScript ends as if its peer had gone; so
 * pools connect anew when they are next used. What was not opened through Node's loop (`tined/posix`, `fs.openSync`) stays.
 */
import { type OpenHandle, openHandles } from '../engine/handles.js'
import { O_CLOEXEC, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET } from '../libc/constants.js'
import { close, dup3 } from '../libc/fd.js'
import { SO_ACCEPTCONN, SOCK_DGRAM } from '../libc/io-constants.js'
import { getsockopt, socketpair } from '../libc/socket.js'

let count = 0

/** How many were let go of, in this process or one that it was forked from. */
export const letGoCount = (): number => count

/** A stream at its end, or a socket to which nothing ever comes. The number is its only name. */
function deadDescriptor(listening: boolean, datagrams: boolean): number {
  // of a listening socket nobody hears: what is no stream never is at its end
  const type = listening || datagrams ? SOCK_DGRAM : SOCK_STREAM
  const [kept, other] = socketpair(type | SOCK_CLOEXEC | SOCK_NONBLOCK)
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

/** Sockets and pipes; a terminal, standard input and what epoll watches for others stay. */
const isLaunchers = ({ kind, fd }: OpenHandle): boolean =>
  fd > 2 && (kind === 'tcp' || kind === 'pipe' || kind === 'udp')

/**
 * Called once in a process that was just forked from one that ran a program.
 *
 * @param mine descriptors to leave alone
 */
export function letGo(mine: readonly number[]): void {
  for (const handle of openHandles()) {
    if (!isLaunchers(handle) || mine.includes(handle.fd)) continue
    const dead = deadDescriptor(isListening(handle.fd), handle.kind === 'udp')
    dup3(dead, handle.fd, O_CLOEXEC)
    close(dead)
    count++
  }
}
