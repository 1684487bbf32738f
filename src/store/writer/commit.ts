/** Group commit: one append and one sync for a whole batch. */
import { EIO } from '../../libc/constants.js'
import { PosixError } from '../../libc/posix-error.js'
import { DISK, OS } from '../durability.js'
import type { Appended, AppendFile } from '../file/store-file.js'
import type { Batch } from './batch.js'
import type { Journal } from './journal.js'

export interface Committed {
  /** Records of the batch that are in the file: the first so many. */
  stored: number
  /** Code of how durable they are: on disk, where somebody in the batch wanted that. */
  reached: number
  /** Why the others are not, and not in the file either. */
  error: PosixError | undefined
  /** The sync failed: the kernel may have dropped pages of the file, so it has to be looked at anew before it is used again. */
  distrusted: boolean
  /** How long the file is now, as far as it is ours. */
  length: number
  /** Not even cutting the file back worked: how long it is without what is refused. It has to be cut before it is used again. */
  uncut?: number
}

const NOTHING = { stored: 0, reached: 0, distrusted: true } as const

/**
 * Writes a batch. On return each record is on disk, or written where nobody wants more, or the file is as if it had never been written, or is
 * to be cut: `uncut`.
 *
 * @param written called when the whole batch is written, and has yet to be synced
 */
export function commit(batch: Batch, file: AppendFile, journal?: Journal, written = (): void => {}): Committed {
  const base = file.length()
  journal?.intend(base, batch)
  const appended = file.append(batch.bytes)
  try {
    return displaced(batch, file, base, appended, journal) ?? settle(batch, file, base, appended, { journal, written })
  } catch (error) {
    if (!(error instanceof PosixError)) throw error
    journal?.fail()
    return { ...NOTHING, error: appended.error ?? error, length: base, uncut: base }
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
  return { ...NOTHING, error: error ?? new PosixError(EIO, 'write'), length: base }
}

/** @throws {PosixError} when the file cannot be cut */
function settle(
  batch: Batch,
  file: AppendFile,
  base: number,
  { written, error }: Appended,
  told: { journal: Journal | undefined; written: () => void },
): Committed {
  const stored = error === undefined ? batch.count : batch.countWithin(written)
  const length = stored === 0 ? base : base + batch.endOf(stored - 1)
  if (error !== undefined) file.truncate(length)
  const synced = stored > 0 && batch.wantsSync
  if (synced) {
    if (error === undefined) told.written()
    try {
      file.sync(batch.wanted)
    } catch (failure) {
      if (!(failure instanceof PosixError)) throw failure
      // never synced again: the kernel reports a failure once, and forgets which pages it lost
      told.journal?.fail()
      file.truncate(base)
      return { ...NOTHING, error: failure, length: base }
    }
  }
  told.journal?.synced(stored)
  return { stored, reached: synced ? Math.max(DISK, batch.wanted) : OS, error, distrusted: false, length }
}
