/** When each sender is told, and what becomes of what was told when the disk says no: the writer, its sockets and links in one process. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EIO, ENOSPC } from '../../../src/libc/constants.js'
import { PosixError } from '../../../src/libc/posix-error.js'
import { BlockingReactor } from '../../../src/reactor/blocking-reactor.js'
import { type MessageOptions, MessageOutbox } from '../../../src/store/appending/message-outbox.js'
import { closeChannels, openChannels } from '../../../src/store/channels.js'
import { WriterLink } from '../../../src/store/connection/writer-link.js'
import { durabilityOf } from '../../../src/store/durability.js'
import { formats } from '../../../src/store/file/formats/index.js'
import { decodeRecord } from '../../../src/store/file/record.js'
import type { Appended, AppendFile } from '../../../src/store/file/store-file.js'
import type { WhenFull } from '../../../src/store/when-full.js'
import type { Owed } from '../../../src/store/writer/batch.js'
import { Journal } from '../../../src/store/writer/journal.js'
import { JOURNAL_BYTES } from '../../../src/store/writer/journal-layout.js'
import { Writer } from '../../../src/store/writer/writer.js'

/** A file in memory, that says when it is written and synced. */
class WatchedFile implements AppendFile {
  content = Buffer.of()
  room = Number.POSITIVE_INFINITY
  failsToSync = false
  isOurs = true
  constructor(readonly happens: (what: string) => void) {}

  length = (): number => this.content.length
  isAsLeft = (): boolean => this.isOurs
  holds = (at: number, bytes: Buffer): boolean => this.content.subarray(at, at + bytes.length).equals(bytes)

  append(bytes: Buffer): Appended {
    const written = Math.min(bytes.length, this.room - this.content.length)
    this.content = Buffer.concat([this.content, bytes.subarray(0, written)])
    this.happens('write')
    return { written, error: written < bytes.length ? new PosixError(ENOSPC, 'write') : undefined }
  }

  truncate(length: number): void {
    this.content = this.content.subarray(0, length)
  }

  sync(): void {
    this.happens('sync')
    if (this.failsToSync) throw new PosixError(EIO, 'fdatasync')
  }

  messages(): (string | undefined)[] {
    const lines = this.content.toString().split('\n').slice(0, -1)
    return lines.map((line) => decodeRecord(Buffer.from(line))?.message.toString())
  }
}

class Bench {
  readonly log: string[] = []
  readonly file = new WatchedFile((what) => {
    this.hear()
    this.log.push(what)
  })
  readonly reactor = new BlockingReactor()
  readonly #channels = openChannels()
  readonly #journal = new Journal(Buffer.alloc(JOURNAL_BYTES))
  readonly #links: WriterLink[] = []
  #seq = 0
  lost = 0
  writer: Writer

  constructor(readonly whenFull: WhenFull = 'reject') {
    this.writer = this.#begin()
  }

  #begin(owed: readonly Owed[] = []): Writer {
    return new Writer({
      ...{ channels: this.#channels, file: this.file, format: formats.ndjson, journal: this.#journal, run: 'run' },
      ...{ maxBatchMessages: 1000, maxMessageBytes: 1000, untold: new Map(), whenFull: this.whenFull, owed },
      left: { inode: 1, length: this.file.length(), seq: this.#seq },
      who: () => ({ worker: 1 }),
      outcome: (_committed, lost) => {
        this.lost += lost
      },
    })
  }

  /** A sender that has messages on the way; logs `NAME MESSAGES DURABILITY` once they are answered. */
  send(name: string, ...messages: readonly (readonly [string, MessageOptions['durability']])[]): WriterLink {
    const outbox = new MessageOutbox()
    const id = this.#links.length + 1
    const owner = { id, peerName: name, reactor: this.reactor, wantsSequences: true }
    const link = new WriterLink(this.#channels, owner, outbox, (through, errno, reached, stored) => {
      const count = outbox.acknowledge(through)
      const what = errno === 0 ? `${durabilityOf(reached)} ${stored?.sequences.join()}` : `error ${errno}`
      this.log.push(`${name} ${count} ${what}`.trim())
    })
    for (const [message, durability] of messages) outbox.add(Buffer.from(message), { durability })
    link.flush()
    this.#links.push(link)
    return link
  }

  hear(): void {
    this.reactor.after(0, () => {})
    this.reactor.turn()
  }

  /** One batch; a writer that no longer trusts its file is followed by the next. Returns what happened. */
  turn(): string[] {
    while (!this.writer.turn()) {
      const owed = this.writer.owed()
      this.writer.close()
      this.#seq = this.file.messages().length
      this.file.isOurs = true
      this.file.failsToSync = false
      this.log.push('next writer')
      this.writer = this.#begin(owed)
      if (owed.length === 0) break
    }
    this.hear()
    return this.log.splice(0)
  }

  close(): void {
    this.writer.close()
    for (const link of this.#links) link.close()
    closeChannels(this.#channels)
    this.reactor.close()
  }
}

function withBench(whenFull: WhenFull, run: (bench: Bench) => void): void {
  const bench = new Bench(whenFull)
  try {
    run(bench)
  } finally {
    bench.close()
  }
}

test('each is told as soon as its message is as durable as it wants, and no sender before its own earlier message', () => {
  withBench('reject', (bench) => {
    bench.send('memory', ['a', 'memory'])
    bench.send('os', ['b', 'os'])
    bench.send('disk', ['c', 'disk'])
    bench.send('mixed', ['d', 'disk'], ['e', 'memory'])
    assert.deepEqual(bench.turn(), [
      'memory 1 memory',
      'write',
      'os 1 os 2',
      'sync',
      'disk 1 disk 3',
      'mixed 2 disk 4,5',
    ])
    assert.deepEqual(bench.file.messages(), ['a', 'b', 'c', 'd', 'e'])
  })
})

test('a batch in which nobody wants the disk is not synced', () => {
  withBench('reject', (bench) => {
    bench.send('one', ['a', 'os'])
    bench.send('two', ['b', 'os'])
    assert.deepEqual(bench.turn(), ['write', 'one 1 os 1', 'two 1 os 2'])
  })
})

test('what the kernel had when a sync failed is written again, and whoever wanted the disk is told', () => {
  withBench('reject', (bench) => {
    bench.file.failsToSync = true
    bench.send('os', ['a', 'os'])
    bench.send('disk', ['b', undefined])
    const happened = bench.turn()
    assert.deepEqual(happened, ['write', 'os 1 os 1', 'sync', 'next writer', 'disk 1 error 5', 'write'])
    assert.deepEqual(bench.file.messages(), ['a'])
    assert.equal(bench.lost, 0)
  })
})

test('what is in memory goes with the writer from one file to the next; what is full is told from then on', () => {
  withBench('reject', (bench) => {
    bench.file.isOurs = false
    bench.send('memory', ['a', 'memory'])
    assert.deepEqual(bench.turn(), ['next writer', 'memory 1 memory', 'write'])
    assert.deepEqual(bench.file.messages(), ['a'])
    bench.file.room = bench.file.length()
    bench.send('first', ['b', 'memory'])
    bench.send('disk', ['c', undefined])
    assert.deepEqual(bench.turn(), ['first 1 memory', 'write', 'disk 1 error 28'])
    assert.equal(bench.lost, 1, 'it was told so, and it is said')
    bench.send('second', ['d', 'memory'])
    assert.deepEqual(bench.turn(), ['write', 'second 1 error 28'], 'nobody is told what may not be')
    assert.equal(bench.lost, 1)
  })
})

test('where it waits, nobody is answered until there is room, and nothing is written twice', () => {
  withBench('wait', (bench) => {
    bench.send('zero', ['a', undefined])
    bench.turn()
    bench.file.room = bench.file.length() + 150
    bench.send('one', ['b', undefined], ['c'.repeat(100), undefined])
    bench.send('two', ['d', 'memory'])
    assert.deepEqual(bench.turn(), ['two 1 memory', 'write', 'sync', 'one 1 disk 2'])
    assert.deepEqual(bench.turn(), ['write'])
    bench.file.failsToSync = true
    bench.file.room = 10_000
    assert.deepEqual(
      bench.turn().slice(0, 3),
      ['write', 'sync', 'next writer'],
      'a sync that fails is no answer either',
    )
    assert.deepEqual(bench.turn(), ['write', 'sync', 'one 1 disk 4'])
    assert.deepEqual(bench.file.messages(), ['a', 'b', 'd', 'c'.repeat(100)], 'what is owed goes first')
    assert.equal(bench.lost, 0)
  })
})
