/** Which database a path names, and which files SQLite keeps beside it. https://www.sqlite.org/tempfiles.html */
import { statSync } from 'node:fs'

/** Each undefined where there is no such file. */
export interface Identity {
  readonly database: string | undefined
  /** The write-ahead log, and the memory that processes share to read it. */
  readonly log: string | undefined
  readonly index: string | undefined
}

/** An inode may be another file's once it is let go of. */
function fileAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined || found.size === 0 ? undefined : `${found.dev}:${found.ino}:${found.birthtimeMs}`
}

/** What is empty is no database yet. */
export const identityOf = (path: string): Identity => ({
  database: fileAt(path),
  log: fileAt(`${path}-wal`),
  index: fileAt(`${path}-shm`),
})

/** Whether two databases have a file between them, of which nobody could tell whose it is. https://www.sqlite.org/howtocorrupt.html, 2.4 */
export const share = (one: Identity, other: Identity): boolean =>
  (one.log !== undefined && one.log === other.log) || (one.index !== undefined && one.index === other.index)
