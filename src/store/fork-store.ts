/** The store of all models that fork: what the supervisor opens for connection processes and the writer, and who keeps what. */

import { runs } from '../fork/descriptors.js'
import { sharedMemory } from '../libc/memory.js'
import { Episode } from '../supervisor/episode.js'
import type { Log } from '../supervisor/log.js'
import type { Prepared } from '../supervisor/supervised.js'
import { openChannels } from './channels.js'
import type { MakeLink } from './connection/link.js'
import { WriterLink } from './connection/writer-link.js'
import type { Format } from './file/format.js'
import { KeptFile } from './file/kept-file.js'
import type { StoreFile } from './file/store-file.js'
import { examineTail } from './file/tail.js'
import { Rehearsal } from './rehearsal-writer.js'
import { JOURNAL_BYTES, Journal } from './writer/journal.js'
import { writerMain } from './writer/main.js'

export class ForkStore {
  readonly prepared: Prepared
  #rehearsal: Rehearsal | undefined
  readonly #lingering = new Set<WriterLink>()
  /** Links to the writer; in a rehearsal, to one that only pretends. */
  makeLink: MakeLink

  /**
   * @param together whether a process has many connections: then none may wait for its own messages alone
   * @throws {StoreError} when the file is damaged or not a store: said here, before there is a writer to say it
   */
  constructor(file: StoreFile, format: Format, run: string, maxBatchMessages: number, together: boolean, log: Log) {
    examineTail(file.path, file.fd, format)
    const channels = openChannels()
    const { packets, registrations } = channels
    const kept = new KeptFile(file)
    const setup = { channels, kept, format, journal: new Journal(sharedMemory(JOURNAL_BYTES)), run, maxBatchMessages }
    this.prepared = {
      services: [
        {
          role: 'writer',
          close: runs([packets.writeEnd, registrations.sender]),
          main: (report) => writerMain(setup, report),
        },
      ],
      closeInConnections: [packets.readEnd, registrations.receiver, ...kept.descriptors],
    }
    const short = new Episode().teller(
      log,
      'messages wait, because their connection cannot be made known to the writer',
    )
    const lingering = together ? this.#lingering : undefined
    this.#format = format
    this.#link = (connection, outbox, heard) => new WriterLink(channels, connection, outbox, heard, short, lingering)
    this.makeLink = this.#link
  }

  readonly #format: Format
  readonly #link: MakeLink

  /** Waits for what clients that are gone have sent. */
  awaitAnswers(): void {
    for (const link of this.#lingering) link.awaitAnswers()
  }

  rehearse(): void {
    const rehearsal = new Rehearsal(this.#format)
    this.#rehearsal = rehearsal
    this.makeLink = (...of) => rehearsal.link(...of)
  }

  rehearsed(): void {
    this.#rehearsal?.close()
    this.#rehearsal = undefined
    this.makeLink = this.#link
  }
}
