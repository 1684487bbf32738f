/** The writer: takes what all connections send, and has it on disk, one batch after another. No event loop, never blocked by a client. */
import { EPOLL_CTL_ADD, EPOLLIN, PIPE_BUF } from '../../libc/constants.js'
import { EpollEvents, epoll_create1, epoll_ctl } from '../../libc/epoll.js'
import { close, read } from '../../libc/fd.js'
import type { PosixError } from '../../libc/posix-error.js'
import type { Channels } from '../channels.js'
import type { Format } from '../file/format.js'
import type { Left } from '../file/resume.js'
import type { AppendFile } from '../file/store-file.js'
import { PAYLOAD_BYTES, readHeader } from '../wire.js'
import { Batch } from './batch.js'
import { type Committed, commit } from './commit.js'
import { JOURNAL_MESSAGES, type Journal, type Untold } from './journal.js'
import type { RegisteredSender } from './registered-sender.js'
import { Senders } from './senders.js'

/** A batch is written once it has so many bytes, even while more wait. */
const BATCH_BYTES = 4 * 1024 * 1024

/** Whether there are descriptors again, when there were none. */
const LOOK_AGAIN_MS = 50

/** How long a file that cannot be used is not looked at again. */
const REFUSE_MS = 1000

export interface WriterParts {
  channels: Channels
  file: AppendFile
  format: Format
  journal: Journal
  /** Names this run of the server in records. */
  run: string
  /** The file as it is. */
  left: Left
  /** What `journal.takeOver` gave. */
  untold: Map<number, Untold>
  /** The most messages of a batch, those of one packet aside. */
  maxBatchMessages: number
  /** Why nothing can be stored: all that comes is refused, and nothing touched. */
  refusal?: PosixError | undefined
  /** Told what became of each batch. */
  outcome?: (committed: Committed) => void
  /** Told when no descriptor is left for further senders, who wait then, and when there is again. */
  starved?: (starving: boolean) => void
}

/** Whether the pipe has more. */
type Filled = 'some' | 'empty' | 'ended'

export class Writer {
  readonly #parts: WriterParts
  readonly #batch: Batch
  #left: Left
  readonly #mostMessages: number
  readonly #epoll = epoll_create1()
  readonly #events = new EpollEvents(64)
  readonly #senders: Senders
  readonly #packet = Buffer.allocUnsafeSlow(PIPE_BUF)
  readonly #touched = new Set<RegisteredSender>()
  readonly #beganMs = performance.now()
  /** Packets read. */
  #count = 0

  constructor(parts: WriterParts) {
    this.#parts = parts
    const { channels, journal, run, left, untold, maxBatchMessages } = parts
    this.#left = left
    this.#batch = new Batch(parts.format, left.seq)
    this.#mostMessages = Math.min(maxBatchMessages, JOURNAL_MESSAGES - PAYLOAD_BYTES)
    const { receiver } = channels.registrations
    this.#senders = new Senders(receiver, this.#epoll, run, journal, untold, parts.starved ?? (() => {}))
    this.#senders.sendAway()
    epoll_ctl(this.#epoll, EPOLL_CTL_ADD, channels.packets.readEnd, EPOLLIN)
  }

  /**
   * Writes until no sender can come any more, or until told to end, but then everything that was sent.
   *
   * @param endWhenReadable a descriptor that becomes readable when it is to end
   * @returns false when the file must be looked at anew: it cannot be trusted any more, or perhaps it can again
   */
  run(endWhenReadable: number): boolean {
    epoll_ctl(this.#epoll, EPOLL_CTL_ADD, endWhenReadable, EPOLLIN)
    let ending = false
    for (;;) {
      if (this.#await(ending ? 0 : -1, endWhenReadable)) ending = true
      const filled = this.#fill()
      if (!this.#commit()) return false
      if (filled === 'ended' || (filled === 'empty' && ending)) return true
    }
  }

  /** Does what there is to do now, without waiting. Returns false as `run` does. */
  turn(): boolean {
    this.#await(0)
    this.#fill()
    return this.#commit()
  }

  /** Ends as if it had been killed. */
  close(): void {
    this.#senders.close()
    close(this.#epoll)
  }

  /** Waits for work; reports whether `end` became readable. */
  #await(timeoutMs: number, end = -1): boolean {
    const { packets, registrations } = this.#parts.channels
    let ended = false
    const { starving } = this.#senders
    const count = this.#events.wait(this.#epoll, starving && timeoutMs < 0 ? LOOK_AGAIN_MS : timeoutMs)
    if (starving) this.#senders.admit()
    for (let index = 0; index < count; index++) {
      const fd = this.#events.fd(index)
      if (fd === end) ended = true
      else if (fd === registrations.receiver) this.#senders.admit()
      else if (fd !== packets.readEnd) this.#senders.left(fd, this.#count + packets.capacity)
    }
    return ended
  }

  /** Reads packets until there are none, or enough for a batch. */
  #fill(): Filled {
    const { readEnd } = this.#parts.channels.packets
    while (this.#batch.count < this.#mostMessages && this.#batch.bytes.length < BATCH_BYTES) {
      const length = read(readEnd, this.#packet)
      if (length === undefined || length === 0) {
        this.#senders.forget(Number.POSITIVE_INFINITY)
        return length === 0 ? 'ended' : 'empty'
      }
      this.#count++
      this.#take(this.#packet.subarray(0, length))
    }
    this.#senders.forget(this.#count)
    return 'some'
  }

  #take(packet: Buffer): void {
    const header = readHeader(packet)
    const sender = this.#senders.find(header.connection, header.epoch)
    sender?.inbox.take(header, packet, (number, message) => this.#batch.add(sender, number, message))
  }

  /** Returns false when the file cannot be trusted any more. */
  #commit(): boolean {
    const batch = this.#batch
    if (batch.count === 0) return true
    const { file, journal, refusal, outcome } = this.#parts
    // nobody was told anything: they send it again, once it is clear where to
    if (refusal === undefined && !file.isAsLeft(this.#left.length)) return false
    const committed = refusal === undefined ? commit(batch, file, journal) : this.#refuse(refusal)
    for (let index = 0; index < batch.count; index++) {
      const sender = batch.senderOf(index) as RegisteredSender
      if (index < committed.stored) sender.storedThrough = batch.numberOf(index)
      else sender.failedThrough = batch.numberOf(index)
      this.#touched.add(sender)
    }
    const errno = -(committed.error?.errno ?? 0)
    for (const sender of this.#touched) sender.acknowledge(errno)
    this.#touched.clear()
    batch.clear(committed.stored)
    // else what is to be cut would be forgotten
    if (refusal === undefined && committed.uncut === undefined) {
      this.#left = { inode: this.#left.inode, length: committed.length, seq: batch.seq }
      journal.done(this.#left)
    }
    outcome?.(committed)
    return !committed.distrusted
  }

  #refuse(error: PosixError): Committed {
    return { stored: 0, error, distrusted: performance.now() - this.#beganMs > REFUSE_MS, length: 0 }
  }
}
