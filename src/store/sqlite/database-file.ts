/**
 * A database for whoever writes to it, as a file that is appended to: each batch is a transaction, whose bytes are counted. With the write-ahead
 * log and `synchronous=NORMAL` a commit is one write to the log, which is synced when somebody waits for that, as `synchronous=FULL` does always.
 * https://www.sqlite.org/wal.html
 *
 * It is opened here, after the fork: SQLite's locks are those of a process.
 */
import { EIO, O_CLOEXEC, O_RDWR } from '../../libc/constants.js'
import { close, fdatasync, open } from '../../libc/fd.js'
import { PosixError } from '../../libc/posix-error.js'
import type { Left, Resumed } from '../file/resume.js'
import { StoreError } from '../file/store-error.js'
import { type Appended, type StoreFile, syncFolder } from '../file/store-file.js'
import type { WritableSink } from '../sinks/sink.js'
import { type Connection, type Engine, engine, type Row, type Statement } from './engine.js'
import { rowAt } from './row-layout.js'
import { BUSY_MS, prepareSchema } from './schema.js'
import { withSqlite } from './sqlite-error.js'

interface Opened {
  readonly connection: Connection
  /** The write-ahead log. */
  readonly log: number
  readonly count: Statement
  readonly insert: Statement
  readonly advance: Statement
}

export class DatabaseFile implements WritableSink {
  readonly path: string
  /** The file, locked against other servers. Closing any descriptor of it would take SQLite's own locks: it stays open. fcntl(2) */
  readonly #lock: StoreFile
  readonly #sqlite: Engine
  #opened: Opened | undefined

  constructor(lock: StoreFile, sqlite: Engine = engine()) {
    this.path = lock.path
    this.#lock = lock
    this.#sqlite = sqlite
  }

  get inode(): number {
    return this.#lock.inode
  }

  get moved(): boolean {
    return this.#lock.moved
  }

  length(): number {
    return this.#counted().length
  }

  isAsLeft(length: number): boolean {
    try {
      return !this.moved && this.length() === length
    } catch (error) {
      if (!(error instanceof PosixError || error instanceof StoreError)) throw error
      return false
    }
  }

  /** The whole batch, or nothing of it. @param bytes as `rowLayout` lays it out */
  append(bytes: Buffer): Appended {
    try {
      withSqlite(this.path, () => this.#insert(bytes))
      return { written: bytes.length, error: undefined }
    } catch (error) {
      if (error instanceof PosixError) return { written: 0, error }
      if (error instanceof StoreError) return { written: 0, error: new PosixError(EIO, 'sqlite', { path: this.path }) }
      throw error
    }
  }

  truncate(length: number): void {
    // where there is no room, none is asked for
    if (length === this.length()) return
    const { connection } = this.#open()
    withSqlite(this.path, () =>
      transaction(connection, () => {
        connection
          .prepare('UPDATE tined SET length = ?, seq = seq - (SELECT count(*) FROM messages WHERE ends > ?)')
          .run(length, length)
        connection.prepare('DELETE FROM messages WHERE ends > ?').run(length)
      }),
    )
  }

  sync(): void {
    fdatasync(this.#open().log)
  }

  /** Whoever counts as we do has written what we have. */
  holds(at: number, bytes: Buffer): boolean {
    return this.length() >= at + bytes.length
  }

  resume(left: Left | undefined): Resumed {
    this.#close()
    if (this.moved)
      throw new StoreError(
        `${this.path}: the database was moved away or removed: put it back, or start the server anew`,
      )
    const { length, seq } = this.#counted()
    if (left?.inode === this.inode && length > left.length)
      throw new StoreError(
        `${this.path}: somebody else has written to it: it counts ${length} bytes, and was left with ${left.length}`,
      )
    this.sync()
    return { seq: Math.max(seq, left?.seq ?? 0), notes: [] }
  }

  close(): void {
    this.#close()
    this.#lock.close()
  }

  #counted(): { length: number; seq: number } {
    const { count } = this.#open()
    return withSqlite(this.path, () => count.get()) as { length: number; seq: number }
  }

  #insert(bytes: Buffer): void {
    const { connection, insert, advance } = this.#open()
    const { length } = this.#counted()
    transaction(connection, () => {
      let last = 0
      for (let at = 0; at < bytes.length; ) {
        const { seq, time, connection: name, n, peer, message, fields = null, end } = rowAt(bytes, at)
        insert.run(seq, time, name, n, peer, message, fields, length + end)
        last = seq
        at = end
      }
      advance.run(length + bytes.length, last)
    })
  }

  #open(): Opened {
    this.#opened ??= withSqlite(this.path, () => this.#begin())
    return this.#opened
  }

  #begin(): Opened {
    const connection = this.#sqlite(this.path, false)
    try {
      connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL`)
      prepareSchema(connection, this.path)
      // read once, that there is a log
      const count = connection.prepare('SELECT length, seq FROM tined')
      if ((count.get() as Row | undefined) === undefined) throw new StoreError(`${this.path}: table tined is empty`)
      const log = open(`${this.path}-wal`, O_RDWR | O_CLOEXEC, 0)
      syncFolder(this.path)
      return {
        connection,
        log,
        count,
        insert: connection.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
        advance: connection.prepare('UPDATE tined SET length = ?, seq = ?'),
      }
    } catch (error) {
      connection.close()
      throw error
    }
  }

  #close(): void {
    if (this.#opened === undefined) return
    close(this.#opened.log)
    this.#opened.connection.close()
    this.#opened = undefined
  }
}

function transaction(connection: Connection, act: () => void): void {
  connection.exec('BEGIN IMMEDIATE')
  try {
    act()
    connection.exec('COMMIT')
  } catch (error) {
    try {
      connection.exec('ROLLBACK')
    } catch {
      // SQLite has done that itself: https://www.sqlite.org/lang_transaction.html, 3
    }
    throw error
  }
}
