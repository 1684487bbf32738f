/** The store of all models that fork: what the supervisor opens for connection processes and the writer, and who keeps what. */
import { runs } from '../fork/descriptors.js'
import { PrivateMemory } from '../libc/private-memory.js'
import { Episode } from '../supervisor/episode.js'
import type { Log } from '../supervisor/log.js'
import type { Prepared } from '../supervisor/supervised.js'
import { openChannels } from './channels.js'
import type { MakeLink } from './connection/link.js'
import { SharedLink } from './connection/shared-link.js'
import type { Replication } from './connection/until-replicated.js'
import { WorkerChannel } from './connection/worker-channel.js'
import { WriterLink } from './connection/writer-link.js'
import type { Durability } from './durability.js'
import { FAMILY_BYTES, FamilyBook } from './family.js'
import type { Format } from './file/format.js'
import { Rehearsal } from './rehearsal-writer.js'
import type { Sink } from './sinks/sink.js'
import type { WhenFull } from './when-full.js'
import { JOURNAL_BYTES } from './writer/journal-layout.js'
import { writerMain } from './writer/main.js'

/** What a writer keeps to. */
export interface WriterLimits {
  maxBatchMessages: number
  maxMessageBytes: number
  durability: Durability
  whenFull: WhenFull
}

export class ForkStore {
  readonly prepared: Prepared
  #rehearsal: Rehearsal | undefined
  readonly replication: Replication | undefined
  /** Links to the writer; in a rehearsal, to one that only pretends. */
  makeLink: MakeLink

  /**
   * @param together whether a process has many connections: then they share its socket, and none waits for its own messages alone
   */
  constructor(sink: Sink, run: string, limits: WriterLimits, together: boolean, log: Log) {
    // in a row, and the one that connection processes keep last: closing the others is one call
    const memory = new PrivateMemory('tined store', JOURNAL_BYTES + FAMILY_BYTES)
    const channels = openChannels()
    const setup = { channels, sink, memory, run, ...limits }
    const ours = [channels.sender, channels.receiver, ...[memory.descriptor].filter((fd) => fd >= 0)]
    this.prepared = {
      services: [
        {
          role: 'writer',
          close: runs([channels.sender]),
          main: (report) => writerMain(setup, report),
        },
        ...sink.services.map((service) => ({ ...service, close: [...service.close, ...runs(ours)] })),
      ],
      closeInConnections: [...[memory.descriptor].filter((fd) => fd >= 0), ...sink.descriptors, channels.receiver],
      family: new FamilyBook(memory, JOURNAL_BYTES),
    }
    const short = new Episode().teller(
      log,
      'messages wait, because their connection cannot be made known to the writer',
    )
    this.#format = sink.layout
    this.#channel = together ? new WorkerChannel(channels, short) : undefined
    const channel = this.#channel
    // whoever appends has one link in each process
    this.#link = (owner, outbox, heard) =>
      channel === undefined || owner.unnumbered === true
        ? new WriterLink(channels, owner, outbox, heard, short)
        : new SharedLink(channel, owner, outbox, heard)
    this.replication = sink.replication
    this.makeLink = this.#link
  }

  readonly #format: Format
  readonly #channel: WorkerChannel | undefined
  readonly #link: MakeLink

  /** Waits for what clients that are gone have sent. */
  awaitAnswers(): void {
    this.#channel?.awaitAnswers()
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

  close(): void {
    // nothing is open but in forked processes
  }
}
