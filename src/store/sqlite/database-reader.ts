/** Reads a database of messages, also while a server writes to it: each as the line that it would be in a file of records. */
import { statSync } from 'node:fs'
import { GrowingBuffer } from '../connection/growing-buffer.js'
import type { Line } from '../file/reader.js'
import { addRecord } from '../file/record.js'
import { StoreError } from '../file/store-error.js'
import type { Place } from '../reading/offset.js'
import type { ReadWish, SinkReader } from '../sinks/sink.js'
import { type Connection, engine, type Row } from './engine.js'
import { assertOurs, BUSY_MS } from './schema.js'
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
  readonly #connection: Connection
  readonly #inode: number
  #sequence: number
  readonly #line = new GrowingBuffer(4096)

  /** @throws {StoreError} no store @throws {Error} ENOENT, EACCES */
  constructor(path: string, { after, since, last }: ReadWish) {
    this.#path = path
    // first, so that what is said of a Node without SQLite does not depend on the file
    engine()
    this.#inode = statSync(path).ino
    this.#connection = this.#open()
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
    this.#assertThere()
    for (;;) {
      const rows = withSqlite(this.#path, () =>
        this.#connection.prepare('SELECT * FROM messages WHERE seq > ? ORDER BY seq LIMIT ?').all(this.#sequence, ROWS),
      ) as Message[]
      for (const row of rows) {
        this.#sequence = row.seq
        yield { bytes: this.#lineOf(row), at: row.seq, number: row.seq }
      }
      if (rows.length < ROWS) return
    }
  }

  /** What SQLite finds in the file itself. */
  faults(): string[] {
    const rows = withSqlite(this.#path, () => this.#connection.prepare('PRAGMA integrity_check').all()) as Row[]
    return rows.map((row) => String(Object.values(row)[0])).filter((words) => words !== 'ok')
  }

  close(): void {
    this.#connection.close()
  }

  #open(): Connection {
    return withSqlite(this.#path, () => {
      const connection = engine()(this.#path, true)
      try {
        // while a writer begins or ends it has the database for itself
        connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}`)
        assertOurs(connection, this.#path)
        return connection
      } catch (error) {
        connection.close()
        throw error
      }
    })
  }

  /** Two databases with one write-ahead log between them are told apart by nobody. https://www.sqlite.org/howtocorrupt.html, 2.4 */
  #assertThere(): void {
    if (statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode) return
    throw new StoreError(`${this.#path}: the database was moved away or removed while it was read`)
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
    const row = withSqlite(this.#path, () => this.#connection.prepare(sql).get(...values)) as Row | null | undefined
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
