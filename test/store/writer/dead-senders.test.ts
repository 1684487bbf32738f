/** Who has ended may have sent again before what a dead writer had stored: it is in the file once. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { BlockingReactor } from '../../../src/reactor/blocking-reactor.js'
import type { Reactor } from '../../../src/reactor/reactor.js'
import { closeChannels, openChannels } from '../../../src/store/channels.js'
import type { Link, MakeLink } from '../../../src/store/connection/link.js'
import { Outbox } from '../../../src/store/connection/outbox.js'
import { SharedLink } from '../../../src/store/connection/shared-link.js'
import { WorkerChannel } from '../../../src/store/connection/worker-channel.js'
import { WriterLink } from '../../../src/store/connection/writer-link.js'
import { formats } from '../../../src/store/file/formats/index.js'
import { LineFile } from '../../../src/store/file/line-file.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { Journal } from '../../../src/store/writer/journal.js'
import { JOURNAL_BYTES } from '../../../src/store/writer/journal-layout.js'
import { RegisteredSender } from '../../../src/store/writer/registered-sender.js'
import { takeOver } from '../../../src/store/writer/take-over.js'
import { Writer } from '../../../src/store/writer/writer.js'
import { withFolder } from '../../harness/folder.js'
import { linesOf } from '../../harness/store.js'

for (const way of ['a socket of its own', 'the socket of a worker'] as const)
  test(`a process that ends between two writers, with messages on their way that the first one had stored (${way})`, async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'm.txt')
      const file = new LineFile(path, openStoreFile(path).fd, formats.text)
      const [channels, memory, reactor] = [openChannels(), Buffer.alloc(JOURNAL_BYTES), new BlockingReactor()]
      const format = formats.text
      /** @param alive whether there is still the process of the connections, which is this one */
      const begin = (alive: boolean): Writer => {
        const journal = new Journal(memory)
        const taken = takeOver(
          file,
          journal,
          () => {},
          () => alive,
        )
        const limits = { maxBatchMessages: 1000, maxMessageBytes: 1000 }
        const parts = { channels, file, format, journal, run: 'run', ...limits, ...taken }
        return new Writer({ ...parts, who: () => ({ worker: 1 }), alive: () => alive })
      }
      const channel = new WorkerChannel(channels, () => {})
      /** Nobody rests. */
      const hasty: Reactor = {
        inNode: false,
        watch: (...what) => reactor.watch(...what),
        after: (_delayMs, fire) => reactor.after(0, fire),
        afterTurn: (act) => reactor.afterTurn(act),
      }
      const turn = (): void => {
        reactor.after(0, () => {})
        reactor.turn()
      }
      const makeLink: MakeLink =
        way === 'the socket of a worker'
          ? (...of) => new SharedLink(channel, ...of)
          : (...of) => new WriterLink(channels, ...of)
      const connect = (id: number): { outbox: Outbox; link: Link } => {
        const outbox = new Outbox(1000, Buffer.alloc(64))
        const link = makeLink({ id, peerName: 'peer', reactor: hasty }, outbox, (through) =>
          outbox.acknowledge(through),
        )
        outbox.append(Buffer.from(`of ${id}\n`))
        link.flush()
        return { outbox, link }
      }

      const first = begin(true)
      const connections = [connect(1), connect(2)]
      const { acknowledge } = RegisteredSender.prototype
      RegisteredSender.prototype.acknowledge = () => {
        throw new Error('killed')
      }
      try {
        assert.throws(() => first.turn(), /killed/)
      } finally {
        RegisteredSender.prototype.acknowledge = acknowledge
      }
      first.close()
      // it comes to the next writer with the same again, and more; and ends
      turn()
      for (const { outbox, link } of connections) {
        outbox.append(Buffer.from('more\n'))
        link.flush()
      }
      const second = begin(false)
      second.turn()
      second.turn()
      assert.deepEqual(linesOf(join(folder, 'm.txt')).map(String), ['of 1', 'of 2', 'more', 'more'])
      second.close()
      assert.equal(new Journal(memory).known().size, 0, 'told')

      // somebody who does not come any more is forgotten by the next one
      const journal = new Journal(memory)
      journal.keep(new Map([[7, { connection: 7, pid: 1, through: 1 }]]))
      for (const [alive, known] of [
        [true, 1],
        [false, 0],
      ] as const) {
        // whoever had the last writer hears that it is gone
        turn()
        turn()
        const next = begin(alive)
        connect(alive ? 8 : 9)
        next.turn()
        next.close()
        assert.equal(
          [...new Journal(memory).known().values()].filter(({ connection }) => connection === 7).length,
          known,
        )
      }
      closeChannels(channels)
      file.close()
    })
  })
