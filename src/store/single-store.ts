/** The store of model `single`: the process that serves also writes, at once. */
import type { Log } from '../supervisor/log.js'
import { FileLink } from './connection/file-link.js'
import type { MakeLink } from './connection/link.js'
import type { Format } from './file/format.js'
import { recover } from './file/recovery.js'
import type { StoreFile } from './file/store-file.js'
import { Batch } from './writer/batch.js'
import { type Committed, commit } from './writer/commit.js'

export class SingleStore {
  readonly #file: StoreFile
  readonly #format: Format
  readonly #log: Log
  /** Undefined while the file has to be looked at before it is used. */
  #batch: Batch | undefined
  readonly makeLink: MakeLink

  /** @throws {StoreError} {PosixError} when the file cannot be used */
  constructor(file: StoreFile, format: Format, run: string, log: Log) {
    this.#file = file
    this.#format = format
    this.#log = log
    this.#recover()
    this.makeLink = ({ id, peerName }, outbox, heard) => {
      const sender = { connection: id, pid: process.pid, name: `${run}-${id}`, peer: peerName }
      return new FileLink(this, sender, outbox, heard)
    }
  }

  /** What is to be committed next. @throws {StoreError} {PosixError} when the file cannot be used */
  get batch(): Batch {
    return this.#batch ?? this.#recover()
  }

  commit(batch: Batch): Committed {
    const committed = commit(batch, this.#file)
    batch.clear(committed.stored)
    if (committed.error !== undefined) this.#log.warn({}, `not stored: ${committed.error.message}`)
    if (committed.distrusted) this.#batch = undefined
    return committed
  }

  #recover(): Batch {
    const { seq, note } = recover(this.#file, this.#format)
    if (note !== undefined) this.#log.warn({}, `${this.#file.path}: ${note}`)
    this.#batch = new Batch(this.#format, seq)
    return this.#batch
  }
}
