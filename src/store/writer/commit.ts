/** Group commit: one append and one sync for a whole batch. */
import { EIO } from '../../libc/constants.js'
import { PosixError } from '../../libc/posix-error.js'
import type { Appended, AppendFile } from '../file/store-file.js'
import type { Batch } from './batch.js'
import type { Journal } from './journal.js'

export interface Committed {
  /** Records of the batch that are on disk: the first so many. */
  stored: number
  /** Why the others are not, and not in the file either. */
  error: PosixError | undefined
  /** The sync failed: the kernel may have dropped pages of the file, so it has to be looked at anew before it is used again. */
  distrusted: boolean
  /** How long the file is now, as far as it is ours. */
  length: number
  /** Not even cutting the file back worked: how long it is without what is refused. It has to be cut before it is used again. */
  uncut?: number
}

/** Writes a batch. On return each record is on disk, or the file is as if it had never been written, or is to be cut: `uncut`. */
export function commit(batch: Batch, file: AppendFile, journal?: Journal): Committed {
  const base = file.length()
  journal?.intend(base, batch)
  const appended = file.append(batch.bytes)
  try {
    return displaced(batch, file, base, appended, journal) ?? settle(batch, file, base, appended, journal)
  } catch (error) {
    if (!(error instanceof PosixError)) throw error
    journal?.fail()
    return { stored: 0, error: appended.error ?? error, distrusted: true, length: base, uncut: base }
  }
}

/** Somebody else has written at the same moment, and before us: it is as if we had not. Behind us it is found with the next batch. */
function displaced(
  batch: Batch,
  file: AppendFile,
  base: number,
  { written, error }: Appended,
  journal: Journal | undefined,
): Committed | undefined {
  const length = file.length()
  const ours = batch.bytes.subarray(0, written)
  if (length === base + written || (error === undefined && file.holds(base, ours))) return undefined
  journal?.fail()
  if (file.holds(length - written, ours)) file.truncate(length - written)
  return { stored: 0, error: error ?? new PosixError(EIO, 'write'), distrusted: true, length: base }
}

/** @throws {PosixError} when the file cannot be cut */
function settle(
  batch: Batch,
  file: AppendFile,
  base: number,
  { written, error }: Appended,
  journal: Journal | undefined,
): Committed {
  const stored = error === undefined ? batch.count : batch.countWithin(written)
  const length = stored === 0 ? base : base + batch.endOf(stored - 1)
  if (error !== undefined) file.truncate(length)
  if (stored > 0) {
    try {
      file.sync()
    } catch (failure) {
      if (!(failure instanceof PosixError)) throw failure
      // never synced again: the kernel reports a failure once, and forgets which pages it lost
      journal?.fail()
      file.truncate(base)
      return { stored: 0, error: failure, distrusted: true, length: base }
    }
  }
  journal?.synced(stored)
  return { stored, error, distrusted: false, length }
}
