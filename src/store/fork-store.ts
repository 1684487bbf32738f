/** The store of model `fork`: what the supervisor opens for connection processes and the writer, and who keeps what. */
import { sharedMemory } from '../posix/memory.js'
import { runs } from '../process/descriptors.js'
import type { Prepared } from '../server/application.js'
import { openChannels } from './channels.js'
import type { Format } from './format.js'
import { JOURNAL_BYTES, Journal } from './journal.js'
import type { MakeLink } from './link.js'
import { Rehearsal } from './rehearsal.js'
import type { StoreFile } from './store-file.js'
import { examineTail } from './tail.js'
import { WriterLink } from './writer-link.js'
import { writerMain } from './writer-process.js'

export class ForkStore {
  readonly prepared: Prepared
  #rehearsal: Rehearsal | undefined
  /** Links to the writer; until the rehearsal is over, to one that only pretends. */
  makeLink: MakeLink

  /** @throws {StoreError} when the file is damaged or not a store: said here, before there is a writer to say it */
  constructor(file: StoreFile, format: Format, run: string, maxBatchMessages: number) {
    examineTail(file.path, file.fd, format)
    const channels = openChannels()
    const { packets, registrations } = channels
    const setup = { channels, file, format, journal: new Journal(sharedMemory(JOURNAL_BYTES)), run, maxBatchMessages }
    this.prepared = {
      services: [
        {
          role: 'writer',
          close: runs([packets.writeEnd, registrations.sender]),
          main: (report) => writerMain(setup, report),
        },
      ],
      closeInConnections: [packets.readEnd, registrations.receiver, file.fd],
    }
    const rehearsal = new Rehearsal(format)
    this.#rehearsal = rehearsal
    this.makeLink = (...of) => rehearsal.link(...of)
    this.#link = (connection, outbox, heard) => new WriterLink(channels, connection, outbox, heard)
  }

  readonly #link: MakeLink

  rehearsed(): void {
    this.#rehearsal?.close()
    this.#rehearsal = undefined
    this.makeLink = this.#link
  }
}
