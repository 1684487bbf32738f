/** Tells whoever watches which call each process is in: a line when a call begins, `4711 sleep(20)`, and one when it ends, `4711`. */
import { F_SETFD, FD_CLOEXEC } from '../../libc/constants.js'
import { F_DUPFD_CLOEXEC } from '../../libc/io-constants.js'
import { getpid } from '../../libc/process.js'
import { closeRaw, fcntlRaw, writeRaw } from '../../libc/raw.js'

/** Which descriptor leads to the watcher. Whoever sets it wants the trace itself only where it says so: `3`, `3 trace` */
const NAME = 'TINED_COURSE_WATCHER'
/** Out of the way of the descriptors that programs get. */
const LOWEST = 500

function take(): { fd: number; traces: boolean } | undefined {
  const [given, trace] = process.env[NAME]?.split(' ') ?? []
  delete process.env[NAME]
  if (given === undefined) return undefined
  const fd = fcntlRaw(Number(given), F_DUPFD_CLOEXEC, LOWEST)
  if (fd >= 0) closeRaw(Number(given))
  else fcntlRaw(Number(given), F_SETFD, FD_CLOEXEC)
  return { fd: fd >= 0 ? fd : Number(given), traces: trace !== undefined }
}

const watcher = take()

/** Whether lines of the trace are wanted on standard error. */
export const traces = watcher?.traces ?? true

function tell(text: string): void {
  if (watcher === undefined) return
  const bytes = Buffer.from(`${text}\n`)
  writeRaw(watcher.fd, bytes, bytes.length)
}

export const callBegins = (call: string): void => tell(`${getpid()} ${call}`)
export const callEnds = (): void => tell(`${getpid()}`)
