/** The link of model `single`: straight to the file. */

import { HEADER_BYTES } from '../wire.js'
import type { Batch, Sender } from '../writer/batch.js'
import type { Committed } from '../writer/commit.js'
import { Inbox } from '../writer/inbox.js'
import type { Heard, Link, Outgoing } from './link.js'

/** The file as the connections of one process share it. */
export interface BatchStore {
  readonly batch: Batch
  commit(batch: Batch): Committed
}

const noHeader = Buffer.alloc(HEADER_BYTES)

export class FileLink implements Link {
  readonly #store: BatchStore
  readonly #sender: Sender
  readonly #outbox: Outgoing
  readonly #heard: Heard
  readonly #inbox = new Inbox(0, 0)
  #flushing = false

  constructor(store: BatchStore, sender: Sender, outbox: Outgoing, heard: Heard) {
    this.#store = store
    this.#sender = sender
    this.#outbox = outbox
    this.#heard = heard
  }

  flush(): void {
    // an answer may call for more; the loop sees it
    if (this.#flushing) return
    this.#flushing = true
    try {
      while (this.#fillBatch() > 0) this.#commit()
    } finally {
      this.#flushing = false
    }
  }

  close(): void {
    this.flush()
  }

  /** Fills the batch with what the outbox has. */
  #fillBatch(): number {
    const { batch } = this.#store
    for (let next = this.#outbox.next(); next !== undefined; next = this.#outbox.next()) {
      this.#inbox.take(next, Buffer.concat([noHeader, next.payload]), (number, message) =>
        batch.add(this.#sender, number, message),
      )
    }
    return batch.count
  }

  #commit(): void {
    const { batch } = this.#store
    const first = batch.numberOf(0)
    const last = batch.numberOf(batch.count - 1)
    const { seq, timeMs: atMs } = batch
    const { stored, error } = this.#store.commit(batch)
    const sequences = Array.from({ length: stored }, (_, index) => seq + index + 1)
    if (stored > 0) this.#heard(first + stored - 1, 0, 0, { sequences, atMs })
    if (error !== undefined) this.#heard(last, -error.errno, 0)
  }
}
