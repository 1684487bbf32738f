/** Descriptors 0, 1 and 2 for programs that are executed: Node marks them close-on-exec when it starts, for its own children. */
import { F_GETFD, F_SETFD, FD_CLOEXEC } from '../libc/constants.js'
import { fcntlRaw } from '../libc/raw.js'

let passed = false

/** Once: takes Node's mark away, and leaves alone what the program marks later. */
export function passStandardDescriptors(): void {
  if (passed) return
  passed = true
  for (const fd of [0, 1, 2]) {
    const flags = fcntlRaw(fd, F_GETFD, 0)
    if (flags > 0) fcntlRaw(fd, F_SETFD, flags & ~FD_CLOEXEC)
  }
}
