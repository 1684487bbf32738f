/**
 * Reads a database of messages, also while a server writes to it: each as the line that it would be in a file of records. When it is moved
 * away and another takes its place, it goes on there.
 */
import { statSync } from 'node:fs'
import { GrowingBuffer } from '../connection/growing-buffer.js'
import type { Line } from '../file/reader.js'
import { addRecord } from '../file/record.js'
import { StoreError } from '../file/store-error.js'
import type { Place } from '../reading/offset.js'
import type { ReadWish, SinkReader } from '../sinks/sink.js'
import { type Connection, engine, type Row } from './engine.js'
import { type Identity, identityOf, share } from './identity.js'
import { assertOurs, BUSY_MS, isEmpty } from './schema.js'
import { withSqlite } from './sqlite-error.js'

/** Read at once: nobody who writes waits for a reader, but the log grows while one reads. */
const ROWS = 1000

interface Message extends Row {
  seq: number
  time: string
  connection: string
  n: number
  peer: string
  message: Uint8Array
  fields: string | null
}

export class DatabaseReader implements SinkReader {
  readonly incompleteBytes = 0
  readonly #path: string
  readonly #changed: ReadWish['changed']
  /** Undefined while the path names no database: one that is moved away is let go of at once, or the next would share its -shm with it. */
  #connection: Connection | undefined
  /** What is read, or was last. */
  #identity: Identity
  #inode: number
  #sequence: number
  readonly #line = new GrowingBuffer(4096)

  /** @throws {StoreError} no store @throws {Error} ENOENT, EACCES */
  constructor(path: string, { after, since, last, changed }: ReadWish) {
    this.#path = path
    this.#changed = changed
    // first, so that what is said of a Node without SQLite does not depend on the file
    engine()
    this.#inode = statSync(path).ino
    this.#connection = this.#open((connection) => assertOurs(connection, path))
    this.#identity = identityOf(path)
    // what was written to another database since then has other numbers
    this.#sequence = after?.sequence ?? Math.max(this.#before(since), this.#beforeLast(last))
  }

  get place(): Place {
    return { inode: this.#inode, byte: 0, sequence: this.#sequence }
  }

  beginning(): Buffer {
    return Buffer.of()
  }

  *read(): Generator<Line> {
    do
      for (let more = this.#connection !== undefined; more; ) {
        const moved = this.#look()
        const rows = this.#rows()
        for (const row of rows) {
          this.#sequence = row.seq
          yield { bytes: this.#lineOf(row), at: row.seq, number: row.seq }
        }
        more = rows.length === ROWS
        if (!more && !moved) return
      }
    while (this.#goOn())
  }

  /**
   * Whether the path names another database by now, or none.
   *
   * @throws {StoreError} another that shares files with this one, of which the rest cannot be read any more
   */
  #look(): boolean {
    const found = identityOf(this.#path)
    const moved = found.database !== this.#identity.database
    if (!moved) this.#identity = found
    else if (found.database !== undefined && share(found, this.#identity))
      throw new StoreError(
        `${this.#path}: another database has its name and its -wal or -shm, which belong to the one that was read: move them together`,
      )
    return moved
  }

  /** To the database that has the name now; false while there is none. One that is put back is gone on with. */
  #goOn(): boolean {
    this.#connection?.close()
    this.#connection = undefined
    const found = identityOf(this.#path)
    if (found.database === undefined) return false
    let begun = false
    const connection = this.#open((opened) => {
      begun = !isEmpty(opened)
      if (begun) assertOurs(opened, this.#path)
    })
    if (!begun) {
      connection.close()
      return false
    }
    this.#connection = connection
    if (found.database !== this.#identity.database) {
      this.#inode = statSync(this.#path).ino
      this.#sequence = 0
      this.#changed('moved')
    }
    this.#identity = found
    return true
  }

  /** What SQLite finds in the file itself. */
  faults(): string[] {
    const rows = withSqlite(this.#path, () => this.#present.prepare('PRAGMA integrity_check').all()) as Row[]
    return rows.map((row) => String(Object.values(row)[0])).filter((words) => words !== 'ok')
  }

  close(): void {
    this.#connection?.close()
  }

  get #present(): Connection {
    if (this.#connection === undefined) throw new StoreError(`${this.#path}: the database was moved away or removed`)
    return this.#connection
  }

  #rows(): Message[] {
    return withSqlite(this.#path, () =>
      this.#present.prepare('SELECT * FROM messages WHERE seq > ? ORDER BY seq LIMIT ?').all(this.#sequence, ROWS),
    ) as Message[]
  }

  /** @param check throws what forbids to read it */
  #open(check: (connection: Connection) => void): Connection {
    return withSqlite(this.#path, () => {
      const connection = engine()(this.#path, true)
      try {
        // while a writer begins or ends it has the database for itself
        connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}`)
        check(connection)
        return connection
      } catch (error) {
        connection.close()
        throw error
      }
    })
  }

  /** The number before the first message since then. */
  #before(since: Date | undefined): number {
    if (since === undefined) return 0
    const first = this.#number('SELECT min(seq) FROM messages WHERE time >= ?', since.toISOString())
    return first === undefined ? (this.#number('SELECT max(seq) FROM messages') ?? 0) : first - 1
  }

  #beforeLast(last: number | undefined): number {
    if (last === undefined) return 0
    return this.#number('SELECT seq FROM messages ORDER BY seq DESC LIMIT 1 OFFSET ?', last) ?? 0
  }

  #number(sql: string, ...values: (number | string)[]): number | undefined {
    const row = withSqlite(this.#path, () => this.#present.prepare(sql).get(...values)) as Row | null | undefined
    const [value] = Object.values(row ?? {})
    return typeof value === 'number' ? value : undefined
  }

  #lineOf({ message, fields, ...head }: Message): Buffer {
    this.#line.clear()
    const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
    addRecord(this.#line, head, bytes, fields ?? undefined)
    return this.#line.bytes.subarray(0, this.#line.length - 1)
  }
}
