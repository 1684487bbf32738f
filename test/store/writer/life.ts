/**
 * The life of a store whose writer dies at every step there is, in one process: the same writer, sockets, registrations and journal as in
 * the server; at its death a writer's descriptors are closed as the kernel would. Random, but with a seed.
 */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, renameSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { BlockingReactor } from '../../../src/reactor/blocking-reactor.js'
import type { Reactor } from '../../../src/reactor/reactor.js'
import { closeChannels, openChannels } from '../../../src/store/channels.js'
import type { MakeLink } from '../../../src/store/connection/link.js'
import { SharedLink } from '../../../src/store/connection/shared-link.js'
import { WorkerChannel } from '../../../src/store/connection/worker-channel.js'
import { WriterLink } from '../../../src/store/connection/writer-link.js'
import type { Durability } from '../../../src/store/durability.js'
import { formats } from '../../../src/store/file/formats/index.js'
import { ndjson } from '../../../src/store/file/formats/ndjson.js'
import { decodeRecord } from '../../../src/store/file/record.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import type { SegmentLimits } from '../../../src/store/segments/limits.js'
import { segmentsOf } from '../../../src/store/segments/segment-name.js'
import type { WritableSink } from '../../../src/store/sinks/sink.js'
import { DatabaseReader } from '../../../src/store/sqlite/database-reader.js'
import { rowLayout } from '../../../src/store/sqlite/row-layout.js'
import type { Owed } from '../../../src/store/writer/batch.js'
import { JOURNAL_BYTES } from '../../../src/store/writer/journal-layout.js'
import { takeOver } from '../../../src/store/writer/take-over.js'
import { Writer } from '../../../src/store/writer/writer.js'
import { withFolder } from '../../harness/folder.js'
import { seeded } from '../../harness/seeded.js'
import { bodiesOf, linesOf } from '../../harness/store.js'
import { Fate, KeptOpen, Killed, MortalDatabase, MortalFile, MortalJournal, makeMortal } from './mortal.js'
import { Appending, Peer } from './senders-under-test.js'

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

const WANTED: readonly Durability[] = ['memory', 'os', 'disk']
const LENGTHS = [5, 5, 5, 40, 700, 4100, 9000]
const STEPS = 150

/** @returns what happened in it; fails when something was lost that must not be, or is there twice */
export async function live(
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
    const format = { ...formats, sqlite: rowLayout }[scheme]
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
