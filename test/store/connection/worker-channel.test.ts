/** A worker whose writer takes nothing for a while: it never waits, and nothing is lost or sent twice. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { close } from '../../../src/libc/fd.js'
import { BlockingReactor } from '../../../src/reactor/blocking-reactor.js'
import { closeChannels, openChannels } from '../../../src/store/channels.js'
import { Outbox } from '../../../src/store/connection/outbox.js'
import { SharedLink } from '../../../src/store/connection/shared-link.js'
import { WorkerChannel } from '../../../src/store/connection/worker-channel.js'
import { ndjson } from '../../../src/store/file/formats/ndjson.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { Journal } from '../../../src/store/writer/journal.js'
import { JOURNAL_BYTES } from '../../../src/store/writer/journal-layout.js'
import { Writer } from '../../../src/store/writer/writer.js'
import { withFolder } from '../../harness/folder.js'
import { messagesOf } from '../../harness/store.js'

const CLIENTS = 700
const LINES = 30

test('a writer that is slow fills the window of a worker, not its memory, and gets everything in the end', async () => {
  await withFolder((folder) => {
    const path = `${folder}/m.ndjson`
    const file = openStoreFile(path)
    const channels = openChannels()
    const reactor = new BlockingReactor()
    const channel = new WorkerChannel(channels, () => assert.fail('short'))
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      const outbox = new Outbox(1000, Buffer.alloc(64))
      const owner = { id: index + 1, peerName: `peer ${index}`, reactor }
      const back: string[] = []
      const link = new SharedLink(channel, owner, outbox, (through, errno) => {
        assert.equal(errno, 0)
        back.push(outbox.acknowledge(through).toString('latin1'))
        link.flush()
      })
      return { outbox, link, back, line: (n: number) => `${index}:${n} ${'x'.repeat((index * 7 + n) % 200)}` }
    })
    const sendAll = (n: number): void => {
      for (const { outbox, link, line } of clients) {
        outbox.append(Buffer.from(`${line(n)}\n`))
        link.flush()
      }
    }
    // nobody takes anything: all of this returns
    for (let n = 0; n < LINES; n++) sendAll(n)
    assert.ok(clients.some(({ outbox }) => outbox.backlog))
    let writer: Writer | undefined
    const left = { inode: file.inode, length: 0, seq: 0 }
    const dismissed: string[] = []
    writer = new Writer({
      ...{ channels, file, format: ndjson, journal: new Journal(Buffer.alloc(JOURNAL_BYTES)), run: 'run', left },
      ...{ untold: new Map(), maxBatchMessages: 100_000, maxMessageBytes: 1000 },
      who: () => ({ worker: 1 }),
      dismissed: (_pid, reason) => dismissed.push(reason),
    })
    const turn = (): void => {
      reactor.after(0, () => {})
      reactor.turn()
    }
    for (let round = 0; round < 3000 && clients.some(({ outbox }) => !outbox.answered); round++) {
      // it answers a few batches before the worker hears of any
      for (let batch = 0; batch <= round % 4; batch++) writer.turn()
      turn()
    }
    for (const { outbox, link, back, line } of clients) {
      assert.ok(outbox.answered)
      assert.equal(back.join(''), Array.from({ length: LINES }, (_, n) => `${line(n)}\n`).join(''))
      link.close()
    }
    assert.deepEqual(dismissed, [], 'the writer had room for every answer')
    const stored = messagesOf(path).map(String)
    assert.equal(stored.length, CLIENTS * LINES)
    assert.equal(new Set(stored).size, stored.length)
    writer.close()
    closeChannels(channels)
    close(file.fd)
    return Promise.resolve()
  })
})
