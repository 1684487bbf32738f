/**
 * A writer that dies at every step there is, in one process: the same writer, sockets, registrations and journal as in the
 * server; death is an exception, after which its descriptors are closed as the kernel would. Random, but with a seed.
 */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, renameSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { BlockingReactor } from '../../../src/reactor/blocking-reactor.js'
import type { Reactor } from '../../../src/reactor/reactor.js'
import { MessageOutbox } from '../../../src/store/appending/message-outbox.js'
import { closeChannels, openChannels } from '../../../src/store/channels.js'
import type { Link, MakeLink } from '../../../src/store/connection/link.js'
import { Outbox } from '../../../src/store/connection/outbox.js'
import { SharedLink } from '../../../src/store/connection/shared-link.js'
import { WorkerChannel } from '../../../src/store/connection/worker-channel.js'
import { WriterLink } from '../../../src/store/connection/writer-link.js'
import { type Durability, durabilityOf } from '../../../src/store/durability.js'
import type { Format } from '../../../src/store/file/format.js'
import { formats } from '../../../src/store/file/formats/index.js'
import { ndjson } from '../../../src/store/file/formats/ndjson.js'
import { decodeRecord } from '../../../src/store/file/record.js'
import { type Appended, openStoreFile, StoreFile } from '../../../src/store/file/store-file.js'
import type { SegmentLimits } from '../../../src/store/segments/limits.js'
import { segmentsOf } from '../../../src/store/segments/segment-name.js'
import { SegmentedFile } from '../../../src/store/segments/segmented-file.js'
import type { WritableSink } from '../../../src/store/sinks/sink.js'
import { DatabaseFile } from '../../../src/store/sqlite/database-file.js'
import { DatabaseReader } from '../../../src/store/sqlite/database-reader.js'
import type { Owed } from '../../../src/store/writer/batch.js'
import { Journal } from '../../../src/store/writer/journal.js'
import { JOURNAL_BYTES } from '../../../src/store/writer/journal-layout.js'
import { RegisteredSender } from '../../../src/store/writer/registered-sender.js'
import { SenderSocket } from '../../../src/store/writer/sender-socket.js'
import { Senders } from '../../../src/store/writer/senders.js'
import { takeOver } from '../../../src/store/writer/take-over.js'
import { WorkerSocket } from '../../../src/store/writer/worker-socket.js'
import { Writer } from '../../../src/store/writer/writer.js'
import { NO_SQLITE } from '../../harness/sqlite.js'
import { bodiesOf, linesOf, withFolder } from '../../harness/store.js'

class Killed extends Error {}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Counts the steps of a writer, and kills it at one of them. */
class Fate {
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

class MortalFile extends SegmentedFile {
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
class MortalDatabase extends DatabaseFile {
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
class KeptOpen extends StoreFile {
  override close(): void {
    // at the end of the test
  }
}

class MortalJournal extends Journal {
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
function makeMortal(fate: Fate, random: () => number): { undo(): void } {
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

/** One connection: what it sent and what came back. */
class Peer {
  readonly sent: string[] = []
  back = ''
  readonly outbox = new Outbox(65_536, Buffer.alloc(1024))
  readonly link: Link

  constructor(id: number, makeLink: MakeLink, reactor: Reactor) {
    this.link = makeLink({ id, peerName: 'peer', reactor }, this.outbox, (through, errno) => {
      assert.equal(errno, 0)
      this.back += this.outbox.acknowledge(through).toString('latin1')
      this.link.flush()
    })
  }

  send(line: string): void {
    this.sent.push(line)
    this.outbox.append(Buffer.from(`${line}\n`))
    this.link.flush()
  }
}

function messagesIn(database: string): string[] {
  const reader = new DatabaseReader(database, { changed: assert.fail })
  const messages: string[] = []
  for (const { bytes, number } of reader.read()) {
    messages.push(ndjson.decode?.(bytes)?.message.toString('latin1') as string)
    assert.equal(number, messages.length)
  }
  reader.close()
  return messages
}

/** One that appends messages, each as durable as it likes and every other one with a field. */
class Appending {
  readonly sent: string[] = []
  readonly told: { durability: Durability; sequence: number | undefined }[] = []
  readonly outbox = new MessageOutbox()
  readonly link: Link

  constructor(id: number, makeLink: MakeLink, reactor: Reactor) {
    const owner = { id, peerName: 'peer', reactor, wantsSequences: true }
    this.link = makeLink(owner, this.outbox, (through, errno, reached, stored) => {
      assert.equal(errno, 0)
      const durability = durabilityOf(reached) as Durability
      const count = this.outbox.acknowledge(through)
      for (let index = 0; index < count; index++) this.told.push({ durability, sequence: stored?.sequences[index] })
      this.link.flush()
    })
  }

  send(message: string, durability: Durability, fields: boolean): void {
    this.sent.push(message)
    this.outbox.add(Buffer.from(message), { durability, fields: fields ? '{"a":1}' : undefined })
    this.link.flush()
  }

  /** Only what was in memory may be missing, and nothing is there twice or in another order. */
  check(stored: readonly string[], seqs: readonly (number | undefined)[], seed: number): number {
    assert.equal(this.told.length, this.sent.length, `seed ${seed}: all are told`)
    let last = -1
    let lost = 0
    for (const [index, message] of this.sent.entries()) {
      const { durability, sequence } = this.told[index] as (typeof this.told)[number]
      const place = stored.indexOf(message)
      if (place < 0) {
        assert.equal(durability, 'memory', `seed ${seed}: ${message.slice(0, 10)} was ${durability}`)
        lost++
        continue
      }
      assert.ok(place > last && stored.indexOf(message, place + 1) < 0, `seed ${seed}: once, in order`)
      if (sequence !== undefined && seqs.length > 0) assert.equal(sequence, seqs[place], `seed ${seed}: its number`)
      last = place
    }
    return lost
  }
}

const WANTED: readonly Durability[] = ['memory', 'os', 'disk']
const LENGTHS = [5, 5, 5, 40, 700, 4100, 9000]
const STEPS = 150

async function live(
  seed: number,
  scheme: 'ndjson' | 'text' | 'sqlite',
  limits: SegmentLimits,
): Promise<{ deaths: number; segments: number; lost: number }> {
  const random = seeded(seed)
  const pick = (count: number): number => Math.floor(random() * count)
  const fate = new Fate()
  let lived = { deaths: 0, segments: 0, lost: 0 }
  let lost = 0
  await withFolder(async (folder) => {
    const path = join(folder, scheme === 'text' ? 'm.txt' : 'm.ndjson')
    const opened = openStoreFile(path)
    const format = scheme === 'text' ? formats.text : formats.ndjson
    const make = (): WritableSink =>
      scheme === 'sqlite'
        ? new MortalDatabase(new KeptOpen(path, opened.fd), fate)
        : new MortalFile(path, opened.fd, format, limits, fate, random)
    let file = make()
    const channels = openChannels()
    const memory = Buffer.alloc(JOURNAL_BYTES)
    const reactor = new BlockingReactor()
    /** Nobody rests. */
    const hasty: Reactor = {
      inNode: false,
      watch: (...what) => reactor.watch(...what),
      after: (_delayMs, fire) => reactor.after(0, fire),
      afterTurn: (act) => reactor.afterTurn(act),
    }
    const channel = new WorkerChannel(channels, () => {})
    const own: MakeLink = (...of) => new WriterLink(channels, ...of)
    const shared: MakeLink = (...of) => new SharedLink(channel, ...of)
    const peers = [own, own, shared, shared].map((link, index) => new Peer(index + 1, link, hasty))
    const appending = [own, shared].map((link, index) => new Appending(index + 5, link, hasty))
    let writer: Writer | undefined
    let owed: readonly Owed[] = []

    // each death makes peers send again: here nobody else would empty the pipe, and they would block
    let inARow = 0
    const asWriter = (act: () => void): void => {
      try {
        act()
      } catch (error) {
        if (!(error instanceof Killed)) throw error
        writer?.close()
        writer = undefined
        owed = []
        inARow++
      }
    }
    const begin = (): void => {
      const journal = new MortalJournal(memory, fate)
      if (scheme === 'sqlite') {
        file.close()
        file = make()
      }
      const taken = takeOver(file, journal, () => {})
      const parts = {
        channels,
        file,
        format,
        journal,
        run: 'run',
        maxBatchMessages: 1000,
        maxMessageBytes: 65_536,
      }
      writer = new Writer({
        ...parts,
        ...taken,
        owed,
        tend: (left) => file.tend?.(left, () => {}) ?? left,
        who: () => ({ worker: 1 }),
      })
      owed = []
    }
    const listen = (): void => {
      reactor.after(0, () => {})
      reactor.turn()
    }
    const turn = (): void =>
      asWriter(() => {
        if (writer === undefined) return begin()
        const trusts = writer.turn()
        inARow = 0
        if (trusts) return
        owed = writer.owed()
        writer.close()
        writer = undefined
      })
    const rotated: string[] = []
    /** As logrotate does: moved away at any moment; copied and cut only while no batch is under way. */
    const rotate = (): void => {
      const to = path.replace('.', `-${rotated.length}.`)
      if (!existsSync(path) || scheme === 'sqlite') return
      if (writer === undefined || pick(2) === 0) renameSync(path, to)
      else {
        copyFileSync(path, to)
        truncateSync(path)
      }
      rotated.push(to)
    }
    const mortal = makeMortal(fate, random)
    for (let step = 0; step < STEPS; step++) {
      const peer = peers[pick(peers.length)] as Peer
      if (peer.sent.length - peer.outbox.acknowledged < 6)
        peer.send(`${peers.indexOf(peer)}:${peer.sent.length} `.padEnd(LENGTHS[pick(LENGTHS.length)] as number, 'x'))
      const one = appending[pick(appending.length)] as Appending
      if (one.sent.length - one.outbox.acknowledged < 6)
        one.send(
          `${appending.indexOf(one) + 4}:${one.sent.length} `.padEnd(LENGTHS[pick(LENGTHS.length)] as number, 'y'),
          WANTED[pick(WANTED.length)] as Durability,
          scheme !== 'text' && pick(2) === 0,
        )
      if (pick(3) === 0 && inARow < 3) fate.left = pick(25)
      if (pick(2) === 0) listen()
      turn()
      if (pick(15) === 0) rotate()
      if (pick(3) === 0) listen()
    }
    fate.left = Number.POSITIVE_INFINITY
    for (let round = 0; round < 40; round++) {
      turn()
      listen()
    }
    mortal.undo()
    const segments = segmentsOf(path)
    const files = [...rotated, ...segments.map(({ path }) => path), ...(existsSync(path) ? [path] : [])]
    // in which order the server and logrotate have begun them is known by their numbers
    const firstOf = (file: string): number => decodeRecord(linesOf(file)[0] ?? Buffer.of())?.seq ?? 0
    if (scheme === 'ndjson') files.sort((one, other) => firstOf(one) - firstOf(other))
    const stored =
      scheme === 'sqlite'
        ? messagesIn(path)
        : files.flatMap((file) => bodiesOf(file).map((message) => message.toString('latin1')))
    let seqs: (number | undefined)[] = []
    if (scheme === 'ndjson') {
      seqs = files.flatMap((file) => linesOf(file).map((line) => decodeRecord(line)?.seq))
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => index + 1),
        `seed ${seed}: numbers go on from file to file`,
      )
    }
    peers.forEach((peer, index) => {
      assert.equal(peer.back, peer.sent.map((line) => `${line}\n`).join(''), `seed ${seed}: what came back to ${index}`)
      const mine = stored.filter((line) => line.startsWith(`${index}:`))
      assert.deepEqual(mine, peer.sent, `seed ${seed}: lines of ${index} in the file`)
      peer.link.close()
    })
    for (const one of appending) {
      lost += one.check(stored, seqs, seed)
      one.link.close()
    }
    asWriter(() => writer?.close())
    closeChannels(channels)
    file.close()
    if (scheme === 'sqlite') opened.close()
    lived = { deaths: fate.deaths, segments: segments.length, lost }
  })
  return lived
}

for (const scheme of ['ndjson', 'text', 'sqlite'] as const)
  test(`a writer that dies at any step loses nothing and stores nothing twice (${scheme})`, {
    skip: (scheme === 'sqlite' && NO_SQLITE) || false,
  }, async () => {
    let deaths = 0
    let segments = 0
    let lost = 0
    // each take-over of a database waits for the disk some five times
    const seeds = scheme === 'sqlite' ? 8 : 40
    for (let seed = 1; seed <= seeds; seed++) {
      // every other file is closed by the writer itself, too, when it has a few records
      const limits = scheme === 'ndjson' && seed % 2 === 0 ? { rotateBytes: 3000 } : {}
      const lived = await live(seed, scheme, limits)
      deaths += lived.deaths
      segments += lived.segments
      lost += lived.lost
    }
    assert.ok(lost > 0, 'what is in memory can be lost')
    assert.ok(deaths > 12 * seeds, `${deaths} deaths`)
    if (scheme === 'ndjson') assert.ok(segments > 100, `${segments} segments`)
  })
