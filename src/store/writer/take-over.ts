/** How a writer begins: it puts the file into order, and learns from the journal what one that was killed has left. */
import { PosixError } from '../../libc/posix-error.js'
import { kill } from '../../libc/process.js'
import type { Format } from '../file/format.js'
import { type Recovered, recover } from '../file/recovery.js'
import type { StoreFile } from '../file/store-file.js'
import type { Journal, Untold } from './journal.js'

export interface TakenOver {
  /** Sequence number of the file's last record. */
  seq: number
  /** On disk, of connections that may not know it. */
  untold: Map<number, Untold>
}

/**
 * @throws {StoreError} when the file is damaged or not a store
 * @throws {PosixError} when it cannot be cut or synced
 */
export function takeOver(
  file: StoreFile,
  format: Format,
  journal: Journal,
  log: (level: 'info' | 'warn', message: string) => void,
): TakenOver {
  const length = file.length()
  const whole = journal.wholeLength(length)
  if (whole !== undefined && whole < length) {
    file.truncate(whole)
    log('info', `cut ${length - whole} bytes that the last writer had not finished; their senders send them again`)
  }
  const { seq, note } = recoverOrDistrust(file, format, journal)
  if (note !== undefined) log('warn', `${file.path}: ${note}`)
  return { seq, untold: journal.takeOver(file.length(), exists) }
}

/** For a writer that can write nothing: the file is left as it is, and what was under way is cut once it can be. */
export function takeOverNothing(journal: Journal): TakenOver {
  journal.fail()
  return { seq: 0, untold: journal.known(exists) }
}

function exists(pid: number): boolean {
  try {
    return kill(pid, 0)
  } catch {
    return false // EPERM: the pid is somebody else's by now
  }
}

function recoverOrDistrust(file: StoreFile, format: Format, journal: Journal): Recovered {
  try {
    return recover(file, format)
  } catch (error) {
    // the kernel reports lost pages once: whatever was not synced before must go, next time
    if (error instanceof PosixError && error.syscall === 'fdatasync') journal.fail()
    throw error
  }
}
