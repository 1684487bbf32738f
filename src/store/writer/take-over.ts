/** How a writer begins: it puts the file into order, and learns from the journal what one that was killed has left. */
import { PosixError } from '../../libc/posix-error.js'
import type { Left } from '../file/resume.js'
import type { WritableSink } from '../sinks/sink.js'
import type { Tell } from '../tell.js'
import { exists } from './exists.js'
import type { Journal, Untold } from './journal.js'

export interface TakenOver {
  /** The file as it is now. */
  left: Left
  /** On disk, of connections that may not know it. */
  untold: Map<number, Untold>
}

/**
 * @throws {StoreError} when the file is damaged, not a store, or somebody else has written to it
 * @throws {PosixError} when it cannot be opened, cut or synced
 */
export function takeOver(
  file: WritableSink,
  journal: Journal,
  log: Tell,
  alive: (pid: number) => boolean = exists,
): TakenOver {
  const length = file.length()
  const before = journal.left(length)
  cutUnfinished(file, length, journal, log)
  let untold: Map<number, Untold> | undefined
  if (before !== undefined && file.moved) {
    // what is in the file that was moved away counts
    orDistrust(journal, () => file.sync())
    untold = journal.takeOver(before, alive)
  }
  const { seq, notes } = orDistrust(journal, () => file.resume(before))
  for (const note of notes) log('warn', note)
  const left = { inode: file.inode, length: file.length(), seq }
  if (untold === undefined) untold = journal.takeOver(left, alive)
  else journal.leave(left)
  return { left, untold }
}

/** Not when somebody else has written behind it: what is theirs stays. */
function cutUnfinished(file: WritableSink, length: number, journal: Journal, log: Tell): void {
  const unfinished = journal.unfinished(length)
  if (unfinished === undefined || unfinished.whole >= length || length > unfinished.most) return
  file.truncate(unfinished.whole)
  const bytes = length - unfinished.whole
  log('info', `cut ${bytes} bytes that the last writer had not finished; their senders send them again`)
}

/** For a writer that can write nothing: the file is left as it is, and what was under way is cut once it can be. */
export function takeOverNothing(journal: Journal): TakenOver {
  journal.fail()
  return { left: { inode: 0, length: 0, seq: 0 }, untold: journal.known() }
}

function orDistrust<Result>(journal: Journal, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    // the kernel reports lost pages once: whatever was not synced before must go, next time
    if (error instanceof PosixError && error.syscall === 'fdatasync') journal.fail()
    throw error
  }
}
