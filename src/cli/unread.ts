/** Tells when nobody reads any more what a command would print, though it has nothing to print. */
import { isUnread } from '../libc/poll.js'

const LOOK_MS = 200

/** @param fd standard output, when it is a pipe or a socket whose reader may go; files and terminals are never unread */
export function whenUnread(fd: number, act: () => void): void {
  const timer = setInterval(() => {
    if (!isUnread(fd)) return
    clearInterval(timer)
    act()
  }, LOOK_MS)
}
