/** The link of model `single`: straight to the file. */
import { getpid } from '../../libc/process.js'
import type { Timer } from '../../reactor/reactor.js'
import { HEADER_BYTES, wantedOf } from '../wire.js'
import type { Batch } from '../writer/batch.js'
import { Inbox } from '../writer/inbox.js'
import type { Told } from '../writer/telling.js'
import type { Heard, Link, LinkOwner, Outgoing } from './link.js'

/** The file as the connections of one process share it. */
export interface BatchStore {
  /** Undefined while nothing is to be tried. */
  readonly batch: Batch | undefined
  /** For how long, in milliseconds; 0 when it is over for good. */
  readonly restMs: number
  commit(batch: Batch): void
}

const noHeader = Buffer.alloc(HEADER_BYTES)

export class FileLink implements Link, Told {
  readonly connection: number
  readonly pid = getpid()
  readonly name: string
  readonly peer: string
  readonly #store: BatchStore
  readonly #owner: LinkOwner
  readonly #outbox: Outgoing
  readonly #heard: Heard
  readonly #inbox = new Inbox(0, 0)
  #flushing = false
  #resting: Timer | undefined
  /** Of the batch under way. */
  #storedThrough = 0
  #failedThrough = 0
  readonly #sequences: number[] = []

  /** @param run names this run of the server in records */
  constructor(store: BatchStore, run: string, owner: LinkOwner, outbox: Outgoing, heard: Heard) {
    this.connection = owner.id
    this.name = `${run}-${owner.id}`
    this.peer = owner.peerName
    this.#store = store
    this.#owner = owner
    this.#outbox = outbox
    this.#heard = heard
  }

  flush(): void {
    // an answer may call for more; the loop sees it
    if (this.#flushing) return
    this.#flushing = true
    try {
      for (let batch = this.#fill(); batch !== undefined; batch = this.#fill()) this.#store.commit(batch)
    } finally {
      this.#flushing = false
    }
  }

  close(): void {
    this.flush()
  }

  /** The batch with what the outbox has; undefined when there is nothing to be done now. */
  #fill(): Batch | undefined {
    const { batch } = this.#store
    if (batch === undefined) {
      this.#rest()
      return undefined
    }
    for (let next = this.#outbox.next(); next !== undefined; next = this.#outbox.next()) {
      const wanted = wantedOf(next.flags)
      this.#inbox.take(next, Buffer.concat([noHeader, next.payload]), (number, message, fields) =>
        batch.add(this, number, message, { fields, wanted }),
      )
    }
    return batch.count > 0 ? batch : undefined
  }

  #rest(): void {
    const { restMs } = this.#store
    if (this.#resting !== undefined || restMs === 0) return
    this.#resting = this.#owner.reactor.after(restMs, () => {
      this.#resting = undefined
      this.flush()
    })
  }

  stored(number: number, sequence: number): void {
    this.#storedThrough = number
    this.#sequences.push(sequence)
  }

  failed(number: number): void {
    this.#failedThrough = number
  }

  acknowledge(errno: number, atMs: number, reached: number): true {
    const [stored, failed] = [this.#storedThrough, this.#failedThrough]
    const sequences = this.#sequences.splice(0)
    this.#storedThrough = 0
    this.#failedThrough = 0
    if (stored > 0) this.#heard(stored, 0, reached, { sequences, atMs })
    if (failed > 0) this.#heard(failed, errno, 0)
    return true
  }
}
