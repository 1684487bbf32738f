/** What SQLite says, as the errno that a sender is told. */
import { EIO, ENOSPC } from '../../libc/constants.js'
import { EBUSY, EROFS } from '../../libc/errno-constants.js'
import { PosixError } from '../../libc/posix-error.js'
import { StoreError } from '../file/store-error.js'

/** Primary result codes. https://www.sqlite.org/rescode.html */
const BUSY = 5
const READONLY = 8
const CORRUPT = 11
const FULL = 13
const NOTADB = 26
const NUMBERS: Record<string, number> = { BUSY, READONLY, CORRUPT, FULL, NOTADB }
const ERRNOS: Record<number, number> = { [BUSY]: EBUSY, [READONLY]: EROFS, [FULL]: ENOSPC }

interface FromSqlite extends Error {
  /** Node's. */
  errcode?: number
  /** better-sqlite3's: `SQLITE_IOERR_FSYNC`. */
  code?: string
}

function primaryCode({ errcode, code }: FromSqlite): number | undefined {
  if (errcode !== undefined) return errcode & 0xff
  const name = /^SQLITE_([A-Z]+)/.exec(code ?? '')?.[1]
  return name === undefined ? undefined : (NUMBERS[name] ?? 0)
}

/** Calls SQLite. @throws {StoreError} a file that is none of its databases @throws {PosixError} ENOSPC, EROFS, EBUSY, EIO */
export function withSqlite<Result>(path: string, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    const code = primaryCode(error as FromSqlite)
    if (code === undefined) throw error
    const { message } = error as Error
    if (code === NOTADB || code === CORRUPT) throw new StoreError(`${path}: ${message}`)
    throw new PosixError(ERRNOS[code] ?? EIO, 'sqlite', { path }, message)
  }
}
