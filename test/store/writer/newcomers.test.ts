/** Who comes before the supervisor has told of it is known soon after, also where the writer has something else to do once a minute. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { O_CLOEXEC } from '../../../src/libc/constants.js'
import { close, pipe2, write } from '../../../src/libc/fd.js'
import { BlockingReactor } from '../../../src/reactor/blocking-reactor.js'
import { closeChannels, openChannels } from '../../../src/store/channels.js'
import { Outbox } from '../../../src/store/connection/outbox.js'
import { WriterLink } from '../../../src/store/connection/writer-link.js'
import { formats } from '../../../src/store/file/formats/index.js'
import { LineFile } from '../../../src/store/file/line-file.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { Journal } from '../../../src/store/writer/journal.js'
import { JOURNAL_BYTES } from '../../../src/store/writer/journal-layout.js'
import { takeOver } from '../../../src/store/writer/take-over.js'
import { Writer } from '../../../src/store/writer/writer.js'
import { withFolder } from '../../harness/folder.js'
import { linesOf } from '../../harness/store.js'

test('a message of somebody of whom the supervisor tells later does not wait for what is due in a minute', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'm.txt')
    const format = formats.text
    const file = new LineFile(path, openStoreFile(path).fd, format)
    const [channels, [told, tell]] = [openChannels(), pipe2(O_CLOEXEC)]
    const journal = new Journal(Buffer.alloc(JOURNAL_BYTES))
    const taken = takeOver(
      file,
      journal,
      () => {},
      () => true,
    )
    let asked = 0
    const writer = new Writer({
      ...{ channels, file, format, journal, run: 'run', maxBatchMessages: 1000, maxMessageBytes: 1000, ...taken },
      // the first times it is not known yet
      who: () => (++asked < 3 ? undefined : { worker: 1 }),
      alive: () => true,
      tend: (left) => left,
      outcome: () => void write(tell, Buffer.from('end')),
    })
    const outbox = new Outbox(1000, Buffer.alloc(64))
    const owner = { id: 1, peerName: 'peer', reactor: new BlockingReactor() }
    const link = new WriterLink(channels, owner, outbox, (through) => outbox.acknowledge(through))
    outbox.append(Buffer.from('hello\n'))
    link.flush()

    const before = performance.now()
    assert.equal(writer.run(told), true)
    assert.ok(performance.now() - before < 10_000, 'it did not wait a minute')
    assert.deepEqual(linesOf(path).map(String), ['hello'])
    assert.equal(asked, 3)
    writer.close()
    closeChannels(channels)
    for (const fd of [told, tell]) close(fd)
    file.close()
  })
})
