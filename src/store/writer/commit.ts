/** Group commit: one append and one sync for a whole batch. */
import { PosixError } from '../../libc/posix-error.js'
import type { AppendFile } from '../file/store-file.js'
import type { Batch } from './batch.js'
import type { Journal } from './journal.js'

export interface Committed {
  /** Records of the batch that are on disk: the first so many. */
  stored: number
  /** Why the others are not, and not in the file either. */
  error: PosixError | undefined
  /** The sync failed: the kernel may have dropped pages of the file, so it has to be looked at anew before it is used again. */
  distrusted: boolean
}

/**
 * Writes a batch. On return each record is on disk, or the file is as if it had never been written.
 *
 * @throws {PosixError} when not even cutting the file back works
 */
export function commit(batch: Batch, file: AppendFile, journal?: Journal): Committed {
  const base = file.length()
  journal?.intend(base, batch)
  const { written, error } = file.append(batch.bytes)
  const stored = error === undefined ? batch.count : batch.countWithin(written)
  if (error !== undefined) file.truncate(stored === 0 ? base : base + batch.endOf(stored - 1))
  if (stored > 0) {
    try {
      file.sync()
    } catch (failure) {
      if (!(failure instanceof PosixError)) throw failure
      // never synced again: the kernel reports a failure once, and forgets which pages it lost
      journal?.fail()
      file.truncate(base)
      return { stored: 0, error: failure, distrusted: true }
    }
  }
  return { stored, error, distrusted: false }
}
