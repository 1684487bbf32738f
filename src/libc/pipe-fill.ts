/** How much waits in a pipe that another process reads. pipe(7), FIONREAD(2const) */
import { O_CLOEXEC, O_NONBLOCK, O_RDONLY } from './constants.js'
import { close, tryOpen } from './fd.js'
import { c } from './ffi.js'
import { F_GETPIPE_SZ } from './io-constants.js'
import { fcntlRaw } from './raw.js'

const FIONREAD = 0x541b
const ioctlRaw: (fd: number, request: number, result: Int32Array) => number = c(
  'int ioctl(int fd, unsigned long request, void *result)',
)
const bytes = new Int32Array(1)

/**
 * Bytes that wait in it, and how many it holds at most; undefined where it may not be opened.
 *
 * @param fd a read end: there is a reader anyway, so nobody is told that one has come or gone
 */
export function pipeFill(pid: number, fd: number): { bytes: number; room: number } | undefined {
  const own = tryOpen(`/proc/${pid}/fd/${fd}`, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  if (own === undefined) return undefined
  try {
    const room = fcntlRaw(own, F_GETPIPE_SZ, 0)
    if (room < 0 || ioctlRaw(own, FIONREAD, bytes) < 0) return undefined
    return { bytes: bytes[0] as number, room }
  } finally {
    close(own)
  }
}
