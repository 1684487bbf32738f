/** `sqlite:FILE`: a table of messages, for whoever wants to query it. */
import { ndjson } from '../file/formats/ndjson.js'
import { KeptFile } from '../file/kept-file.js'
import { openStoreFile, StoreFile } from '../file/store-file.js'
import { DatabaseFile } from '../sqlite/database-file.js'
import { DatabaseReader } from '../sqlite/database-reader.js'
import { engine } from '../sqlite/engine.js'
import { rowLayout } from '../sqlite/row-layout.js'
import type { Sink, SinkKind, SinkSetting } from './sink.js'

/** No database is open when the writer is forked: it opens it. What is opened here is the lock. */
function open(path: string, { forks }: SinkSetting): Sink {
  engine()
  const lock = openStoreFile(path)
  const common = { path, layout: rowLayout, services: [] }
  if (!forks) {
    const file = new DatabaseFile(lock)
    return { ...common, descriptors: [], openForWriting: () => file, close: () => file.close() }
  }
  const kept = new KeptFile(lock)
  return {
    ...common,
    descriptors: kept.descriptors,
    openForWriting: () => new DatabaseFile(kept.open((fd) => new StoreFile(path, fd))),
    close: () => kept.close(),
  }
}

export const sqliteSink: SinkKind = {
  form: 'sqlite:FILE',
  promise:
    'what was answered is in the table once, its transaction is committed, and fdatasync(2) has returned for the write-ahead log',
  format: ndjson,
  open,
  read: (path, wish) => new DatabaseReader(path, wish),
}
