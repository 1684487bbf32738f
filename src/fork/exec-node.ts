/** Executing Node again in place of itself: same pid, environment and terminal. */
import { F_GETFD, F_SETFD, FD_CLOEXEC } from '../libc/constants.js'
import { execve } from '../libc/exec.js'
import { fcntl } from '../libc/fd.js'

/**
 * Never returns; throws when the kernel refuses.
 *
 * @param args Node's own options, the script and its arguments
 * @param keep descriptors to hand over besides the standard streams
 */
export function execNode(args: readonly string[], keep: readonly number[] = []): never {
  for (const fd of [0, 1, 2, ...keep]) {
    const flags = fcntl(fd, F_GETFD) // Node marks all it was started with close-on-exec
    fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC)
  }
  return execve(process.execPath, [process.argv0, ...args], process.env)
}
