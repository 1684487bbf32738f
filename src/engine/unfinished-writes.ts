/**
 * Requests to files that are under way when a process ends. Node's teardown waits for the threads that make them, so what a program has
 * given to `fs.write` is in the file; `_exit` would cut it off.
 */
import { usleep } from '../libc/process.js'
import { awaitThreadPool } from './loop.js'
import { callOf, otherThreads, SYS_epoll_pwait, SYS_futex, SYS_rt_sigsuspend } from './threads.js'

/** A read that never ends, of a named pipe say, must not keep a process. */
const PATIENCE_MS = 1000
const LOOK_AGAIN_US = 200
const RESTING = [SYS_futex, SYS_epoll_pwait, SYS_rt_sigsuspend]

/** Waits for them, with Node's threads running and its loop not. */
export function awaitFileRequests(): void {
  if (!process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq'))) return
  const deadline = performance.now() + PATIENCE_MS
  awaitThreadPool(PATIENCE_MS)
  while (performance.now() < deadline && otherThreads(callOf).some((call) => !RESTING.includes(call)))
    usleep(LOOK_AGAIN_US)
}
