/** Learning of the end of a child beside Node's own, whose SIGCHLD is Node's. */
import { closePrivate, keepPrivate } from '../../fork/private-descriptors.js'
import { PosixError } from '../../libc/posix-error.js'
import { pidfd_open } from '../../libc/process.js'
import { READABLE, type Reactor } from '../../reactor/reactor.js'

/** Where there is nothing to wait for. */
const LOOK_EVERY_MS = 50

/** Kernels before 5.3 lack the call, and filters of old containers refuse it. */
function pidfdOf(pid: number): number | undefined {
  try {
    return pidfd_open(pid)
  } catch (error) {
    if (error instanceof PosixError && (error.code === 'ENOSYS' || error.code === 'EPERM')) return undefined
    throw error
  }
}

/**
 * Calls `look` when a child may have ended: at least once after it has.
 *
 * @returns a function that lets go
 * @throws {PosixError} EMFILE, ENFILE
 */
export function whenEnded(pid: number, reactor: Reactor, look: () => void): () => void {
  const pidfd = pidfdOf(pid)
  if (pidfd === undefined) {
    const timer = setInterval(look, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }
  keepPrivate(pidfd)
  const watch = reactor.watch(pidfd, READABLE, look)
  return () => {
    watch.stop()
    closePrivate(pidfd)
  }
}
