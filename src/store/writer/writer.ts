/** The writer: takes what all connections send, and has it on disk, one batch after another. No event loop, never blocked by a client. */
import { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLLHUP, EPOLLIN } from '../../libc/constants.js'
import { EpollEvents, epoll_create1, epoll_ctl } from '../../libc/epoll.js'
import { close } from '../../libc/fd.js'
import { fixedAddress } from '../../libc/ffi.js'
import { hasInput } from '../../libc/poll.js'
import type { PosixError } from '../../libc/posix-error.js'
import { MEMORY, OS } from '../durability.js'
import type { Left } from '../file/resume.js'
import { FRAMES_BYTES } from '../frames.js'
import { untilRoom } from '../when-full.js'
import { HEADER_BYTES, PACKET_BYTES, readHeader, wantedOf } from '../wire.js'
import { Batch, type Owed } from './batch.js'
import { type Committed, commit } from './commit.js'
import { PacketLost } from './inbox.js'
import { JOURNAL_MESSAGES } from './journal-layout.js'
import type { RegisteredSender } from './registered-sender.js'
import type { SenderSocket, TakePacket } from './sender-socket.js'
import { Senders } from './senders.js'
import { Telling } from './telling.js'
import type { WriterParts } from './writer-parts.js'

/** A batch is written once it has so many bytes, even while more wait. */
const BATCH_BYTES = 4 * 1024 * 1024

/** Whether there are descriptors again, when there were none, or the supervisor has told who somebody is. */
const LOOK_AGAIN_MS = 50

/** While nobody sends anything it is looked so often whether something is to be done. */
const TEND_MS = 60_000

/** How long a file that cannot be used is not looked at again. */
const REFUSE_MS = 1000

/** Packets that are taken from one connection before others have their turn, if it has sent so many that are large. */
const AT_ONCE = 16
const LARGE_BYTES = PACKET_BYTES / 2

export class Writer {
  readonly #parts: WriterParts
  readonly #batch: Batch
  #left: Left
  readonly #mostMessages: number
  readonly #epoll = epoll_create1()
  readonly #events = new EpollEvents(256)
  readonly #senders: Senders
  readonly #packet = Buffer.allocUnsafeSlow(FRAMES_BYTES)
  readonly #packetAddress = fixedAddress(this.#packet)
  readonly #telling: Telling
  /** The last batch could not be stored. */
  #failing = false
  readonly #beganMs = performance.now()
  /** Told to end. */
  #ending = false

  constructor(parts: WriterParts) {
    this.#parts = parts
    const { channels, left, maxBatchMessages, starved = () => {}, dismissed = () => {} } = parts
    this.#left = left
    this.#batch = new Batch(parts.format, left.seq, parts.durability)
    if (parts.refusal === undefined) for (const owed of parts.owed ?? []) this.#batch.addOwed(owed)
    this.#mostMessages = Math.min(maxBatchMessages, JOURNAL_MESSAGES - FRAMES_BYTES)
    this.#senders = new Senders({
      ...parts,
      registrations: channels.receiver,
      epoll: this.#epoll,
      who: (pid) => parts.who(pid),
      starved,
      dismissed,
    })
    this.#telling = new Telling(
      (sender) => this.#senders.dismissDeaf(sender as RegisteredSender),
      () => this.#senders.flush(),
    )
  }

  /** Becomes readable when there is something to do. */
  get descriptor(): number {
    return this.#epoll
  }

  /**
   * Writes until no sender can come any more, or until told to end, but then everything that was sent.
   *
   * @param endWhenReadable a descriptor that becomes readable when it is to end
   * @returns false when the file must be looked at anew: it cannot be trusted any more, or perhaps it can again
   */
  run(endWhenReadable: number): boolean {
    epoll_ctl(this.#epoll, EPOLL_CTL_ADD, endWhenReadable, EPOLLIN)
    for (;;) {
      let more = this.#gather(this.#ending || this.#batch.count > 0 ? 0 : this.#idleMs, endWhenReadable)
      if (!more && this.#parts.file.isAsLeft(this.#left.length)) this.#tend()
      while (more && !this.#full) more = this.#gather(0, endWhenReadable)
      if (!this.#commit() || !this.#waitForRoom(endWhenReadable)) return false
      if (this.#batch.count > 0) return true
      if (!more && (this.#ending || this.#senders.over)) return true
    }
  }

  /** Messages that are not stored although their senders were told: for the next writer in this process, if there is one. */
  owed(): Owed[] {
    const { owed = [], refusal } = this.#parts
    return [...(refusal === undefined ? [] : owed), ...this.#batch.owed()]
  }

  /** Until what is kept is stored, or we are told to end: whoever sent it sends it to the next one. Returns false as `run` does. */
  #waitForRoom(endWhenReadable: number): boolean {
    const backOff = untilRoom()
    while (this.#batch.count > 0 && !this.#ending) {
      this.#ending = hasInput(endWhenReadable, backOff.failed())
      if (!this.#commit()) return false
    }
    return true
  }

  /** Does what there is to do now, without waiting. Returns false as `run` does. */
  turn(): boolean {
    while (!this.#full && this.#gather(0));
    return this.#commit()
  }

  /** Ends as if it had been killed. */
  close(): void {
    this.#senders.close()
    close(this.#epoll)
  }

  get #idleMs(): number {
    return this.#parts.tend === undefined ? -1 : TEND_MS
  }

  get #full(): boolean {
    return this.#batch.count >= this.#mostMessages || this.#batch.bytes.length >= BATCH_BYTES
  }

  /** Waits, and takes what has come. Returns whether that was anything. */
  #gather(timeoutMs: number, end = -1): boolean {
    const senders = this.#senders
    const { receiver } = this.#parts.channels
    const { waiting } = senders
    // whoever is not known yet is looked for again soon, also where something else is due in a while
    const count = this.#events.wait(this.#epoll, waiting && timeoutMs !== 0 ? LOOK_AGAIN_MS : timeoutMs)
    if (waiting) senders.admit()
    let some = false
    for (let index = 0; index < count && !this.#full; index++) {
      const fd = this.#events.fd(index)
      if (fd === end) {
        this.#ending = true
        epoll_ctl(this.#epoll, EPOLL_CTL_DEL, end, 0)
      } else if (fd === receiver) {
        senders.admit()
        if (this.#events.events(index) & EPOLLHUP) senders.end()
        else some = true
      } else {
        const socket = senders.at(fd)
        if (socket === undefined) continue // has left in this turn
        this.#takeFrom(socket)
        some = true
      }
    }
    return some
  }

  #takeFrom(socket: SenderSocket): void {
    for (let left = AT_ONCE; left > 0 && !this.#full; left--) {
      const length = socket.receive(this.#packetAddress, FRAMES_BYTES)
      if (length === 0) this.#senders.leave(socket)
      if (length === undefined || length === 0) return
      try {
        socket.take(this.#packet.subarray(0, length), this.#take)
      } catch (error) {
        if (!(error instanceof PacketLost)) throw error
        this.#senders.dismiss(socket, error.message)
        return
      }
      // behind a small one there is seldom another
      if (length < LARGE_BYTES) return
    }
  }

  /** @throws {PacketLost} */
  readonly #take: TakePacket = (sender, packet) => {
    if (packet.length < HEADER_BYTES) throw new PacketLost(`a packet of ${packet.length} bytes`)
    const header = readHeader(packet)
    const wanted = wantedOf(header.flags)
    const take = (number: number, message: Buffer, fields?: string): void =>
      this.#batch.add(sender, number, message, { fields, wanted })
    sender.inbox.take(header, packet, take)
  }

  /** Returns false when the file cannot be trusted any more. */
  #commit(): boolean {
    const batch = this.#batch
    if (batch.count === 0) return true
    const { file, journal, refusal } = this.#parts
    // whoever wants no more than that has it; but while nothing can be stored, nobody is told that it will be
    if (refusal === undefined && !this.#failing) this.#telling.early(batch, MEMORY)
    // nobody else was told anything: they send it again, once it is clear where to
    if (refusal === undefined && !file.isAsLeft(this.#left.length)) return false
    this.#tend()
    const written = (): void => this.#telling.early(batch, OS)
    const committed = refusal === undefined ? commit(batch, file, journal, written) : this.#refuse(refusal)
    this.#failing = committed.error !== undefined
    const { stored, distrusted } = committed
    // what is not stored waits here until it can be, or with those who have sent it
    const waits = this.#failing && this.#parts.whenFull === 'wait'
    if (waits) this.#telling.some(batch, committed)
    else this.#telling.all(batch, committed)
    const lost = waits || distrusted ? 0 : batch.owed(stored).length
    if (waits) batch.keep(stored, batch.wantsSync)
    else if (!distrusted) batch.clear(stored)
    // else what is to be cut would be forgotten
    if (refusal === undefined && committed.uncut === undefined) {
      this.#left = { inode: this.#left.inode, length: committed.length, seq: batch.seq }
      journal.done(this.#left)
      file.settled?.()
    }
    this.#parts.outcome?.(committed, lost)
    return !distrusted
  }

  /** What is to be done between batches, with a file that is as it was left. */
  #tend(): void {
    const { tend, refusal, journal } = this.#parts
    if (tend === undefined || refusal !== undefined) return
    const next = tend(this.#left)
    if (next === this.#left) return
    this.#left = next
    journal.leave(next)
  }

  #refuse(error: PosixError): Committed {
    return { stored: 0, reached: 0, error, distrusted: performance.now() - this.#beganMs > REFUSE_MS, length: 0 }
  }
}
