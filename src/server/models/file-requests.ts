/**
 * What a program writes to a file is written by a thread of libuv's pool. A process that ends by `_exit` takes along what was not
 * written yet, where Node at the end of its loop would have waited for it.
 */
import { activeRequests } from '../../engine/loop.js'

/** For files as slow as a full disk or a share on the net can be; a program that never stops reading files has to end all the same. */
const LIMIT_MS = 5_000
const LOOK_AGAIN_MS = 1
/** A stream begins its next write, and whoever writes to that stream the next of its own, a turn after the last. */
const QUIET_LOOKS = 3

const FILE_REQUEST = /^FSReq/

const isUnderWay = (): boolean =>
  activeRequests() > 0 && process.getActiveResourcesInfo().some((resource) => FILE_REQUEST.test(resource))

/** Calls `act` once no file is being read or written any more; at once, if none is. */
export function afterFileRequests(act: () => void): void {
  if (!isUnderWay()) {
    act()
    return
  }
  const deadline = performance.now() + LIMIT_MS
  let quiet = 0
  const look = (): void => {
    quiet = isUnderWay() ? 0 : quiet + 1
    if (quiet >= QUIET_LOOKS || performance.now() > deadline) act()
    else setTimeout(look, LOOK_AGAIN_MS)
  }
  look()
}
