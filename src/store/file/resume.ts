/** Where a server goes on in its file, which others may have moved, cut or written to meanwhile. */
import { lastBefore } from '../reading/rotated.js'
import type { Format } from './format.js'
import { recover } from './recovery.js'
import { StoreError } from './store-error.js'
import type { StoreFile } from './store-file.js'

/** The file as the server left it. */
export interface Left {
  inode: number
  length: number
  /** Sequence number of the last record. */
  seq: number
}

export interface Resumed {
  /** Sequence number of the last record, be it in a file that was moved away. */
  seq: number
  /** What was found and done, in words for the log. */
  notes: string[]
}

/**
 * Finds the file that the path names now, and its end. What others have added is neither taken for a torn tail nor written behind:
 * a record that has no newline before it would be lost to every reader.
 *
 * @param left undefined when the server has not written yet
 * @throws {StoreError} when somebody else has written to it, it is damaged, or it is no store
 * @throws {PosixError} when it cannot be opened, cut or synced
 */
export function resume(file: StoreFile, format: Format, left: Left | undefined): Resumed {
  const notes: string[] = []
  if (file.moved) {
    const what = file.removed ? 'removed' : 'moved away'
    file.reopen()
    notes.push(`the file was ${what}: going on in the one that has its name now`)
  } else if (left?.inode === file.inode) {
    const length = file.length()
    if (length > left.length) throw foreign(file.path, length, left.length)
    if (length < left.length)
      notes.push(`somebody else has cut the file, from ${left.length} bytes to ${length}: going on from its end`)
  }
  const { seq, note } = recover(file, format)
  if (note !== undefined) notes.push(note)
  // a power cut may have taken all that it had: numbers go on
  const before = left?.seq ?? (seq === 0 && format.decode !== undefined ? lastBefore(file.whole, format) : 0)
  return { seq: Math.max(seq, before), notes: notes.map((each) => `${file.path}: ${each}`) }
}

const foreign = (path: string, length: number, left: number): StoreError =>
  new StoreError(
    `${path}: somebody else has written to it: it has ${length} bytes, and was left with ${left}. ` +
      `Move it away, or cut it: truncate -s ${left} ${path}`,
  )
