/** A writer in the supervisor itself, for the connections of the rehearsal: the real code, and nothing is written. */
import { getpid } from '../libc/process.js'
import { READABLE } from '../reactor/reactor.js'
import { closeChannels, openChannels } from './channels.js'
import type { Heard, Link, LinkOwner, Outgoing } from './connection/link.js'
import { WriterLink } from './connection/writer-link.js'
import type { Format } from './file/format.js'
import type { AppendFile } from './file/store-file.js'
import { Journal } from './writer/journal.js'
import { JOURNAL_BYTES } from './writer/journal-layout.js'
import { Writer } from './writer/writer.js'
import type { WriterParts } from './writer/writer-parts.js'

const NOTHING = { inode: 0, length: 0, seq: 0 }

const nowhere: AppendFile = {
  length: () => 0,
  append: (bytes) => ({ written: bytes.length, error: undefined }),
  truncate: () => {},
  sync: () => {},
  isAsLeft: () => true,
  holds: () => true,
}

export class Rehearsal {
  readonly #channels = openChannels()
  readonly #parts: WriterParts
  /** Of the connection that is rehearsed, and the process that it is in. */
  #writer: Writer | undefined
  #pid = 0

  constructor(format: Format) {
    const journal = new Journal(Buffer.alloc(JOURNAL_BYTES))
    const channels = this.#channels
    const parts = { channels, file: nowhere, format, journal, run: '', left: NOTHING, untold: new Map() }
    const limits = { maxBatchMessages: 1, maxMessageBytes: Number.POSITIVE_INFINITY }
    this.#parts = { ...parts, ...limits, who: () => ({ worker: 1 }) }
  }

  /** A link as connection processes have it; its writer is turned by the connection's own reactor. */
  link(owner: LinkOwner, outbox: Outgoing, heard: Heard): Link {
    const writer = this.#begin()
    const link = new WriterLink(this.#channels, owner, outbox, heard)
    const pump = owner.reactor.watch(writer.descriptor, READABLE, () => writer.turn())
    return {
      flush: () => link.flush(),
      close() {
        link.close()
        pump.stop()
      },
    }
  }

  #begin(): Writer {
    this.#end()
    this.#pid = getpid()
    this.#writer = new Writer(this.#parts)
    return this.#writer
  }

  /** What a process has of its parent's is not its own to close. */
  #end(): void {
    if (this.#pid === getpid()) this.#writer?.close()
    this.#writer = undefined
  }

  close(): void {
    this.#end()
    closeChannels(this.#channels)
  }
}
