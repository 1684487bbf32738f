/** Parts of a writer that die at a step of it: death is an exception. What a killed one leaves of a write(2) is there. */
import type { Format } from '../../../src/store/file/format.js'
import { type Appended, StoreFile } from '../../../src/store/file/store-file.js'
import type { SegmentLimits } from '../../../src/store/segments/limits.js'
import { SegmentedFile } from '../../../src/store/segments/segmented-file.js'
import { DatabaseFile } from '../../../src/store/sqlite/database-file.js'
import { Journal } from '../../../src/store/writer/journal.js'
import { RegisteredSender } from '../../../src/store/writer/registered-sender.js'
import { SenderSocket } from '../../../src/store/writer/sender-socket.js'
import { Senders } from '../../../src/store/writer/senders.js'
import { WorkerSocket } from '../../../src/store/writer/worker-socket.js'

export class Killed extends Error {}

/** Counts the steps of a writer, and kills it at one of them. */
export class Fate {
  left = Number.POSITIVE_INFINITY
  deaths = 0

  step(): void {
    if (this.left-- > 0) return
    this.left = Number.POSITIVE_INFINITY
    this.deaths++
    throw new Killed()
  }

  around<Result>(act: () => Result): Result {
    this.step()
    const result = act()
    this.step()
    return result
  }
}

export class MortalFile extends SegmentedFile {
  constructor(
    path: string,
    fd: number,
    format: Format,
    limits: SegmentLimits,
    readonly fate: Fate,
    readonly random: () => number,
  ) {
    super(path, fd, format, limits)
  }

  override append(bytes: Buffer): Appended {
    // killed in the middle of write(2): a part of it is in the file
    if (this.fate.left === 1) super.append(bytes.subarray(0, Math.floor(this.random() * bytes.length)))
    this.fate.step()
    return this.fate.around(() => super.append(bytes))
  }

  override truncate(length: number): void {
    this.fate.around(() => super.truncate(length))
  }

  override sync(): void {
    this.fate.around(() => super.sync())
  }

  override reopen(): void {
    this.fate.around(() => super.reopen())
  }
}

/** Its transactions are SQLite's own affair: one that was not committed is not there. */
export class MortalDatabase extends DatabaseFile {
  constructor(
    lock: StoreFile,
    readonly fate: Fate,
  ) {
    super(lock)
  }

  override append(bytes: Buffer): Appended {
    return this.fate.around(() => super.append(bytes))
  }

  override truncate(length: number): void {
    this.fate.around(() => super.truncate(length))
  }

  override sync(): void {
    this.fate.around(() => super.sync())
  }
}

/** Whose descriptor is of use to the next writer. */
export class KeptOpen extends StoreFile {
  override close(): void {
    // at the end of the test
  }
}

export class MortalJournal extends Journal {
  constructor(
    memory: Buffer,
    readonly fate: Fate,
  ) {
    super(memory)
  }

  override intend(...args: Parameters<Journal['intend']>): void {
    this.fate.around(() => super.intend(...args))
  }

  override done(...args: Parameters<Journal['done']>): void {
    this.fate.around(() => super.done(...args))
  }

  override leave(...args: Parameters<Journal['leave']>): void {
    this.fate.around(() => super.leave(...args))
  }

  override told(...args: Parameters<Journal['told']>): void {
    this.fate.around(() => super.told(...args))
  }

  override takeOver(...args: Parameters<Journal['takeOver']>): ReturnType<Journal['takeOver']> {
    return this.fate.around(() => super.takeOver(...args))
  }
}

/**
 * Lets a writer die between acknowledgements and between packets, and look for registrations late: those of one may come to the next, with
 * all that was sent.
 */
export function makeMortal(fate: Fate, random: () => number): { undo(): void } {
  const { acknowledge } = RegisteredSender.prototype
  const { receive } = SenderSocket.prototype
  const { flush } = WorkerSocket.prototype
  const { admit } = Senders.prototype
  RegisteredSender.prototype.acknowledge = function (this: RegisteredSender, ...news) {
    return fate.around(() => acknowledge.apply(this, news))
  }
  SenderSocket.prototype.receive = function (this: SenderSocket, ...where) {
    return fate.around(() => receive.apply(this, where))
  }
  WorkerSocket.prototype.flush = function (this: WorkerSocket) {
    return fate.around(() => flush.call(this))
  }
  Senders.prototype.admit = function (this: Senders) {
    if (random() < 0.5) admit.call(this)
  }
  return {
    undo() {
      RegisteredSender.prototype.acknowledge = acknowledge
      SenderSocket.prototype.receive = receive
      WorkerSocket.prototype.flush = flush
      Senders.prototype.admit = admit
    },
  }
}
