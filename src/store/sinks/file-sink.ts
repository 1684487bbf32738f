/** Sinks that are files of lines: `FILE` and `text:FILE`. */
import type { Format } from '../file/format.js'
import { KeptFile } from '../file/kept-file.js'
import { LineFile } from '../file/line-file.js'
import { openStoreFile } from '../file/store-file.js'
import { examineTail } from '../file/tail.js'
import { LogReader } from '../reading/log-reader.js'
import type { Sink, SinkKind, SinkSetting } from './sink.js'

/** @throws {StoreError} {PosixError} also when the file is damaged or no store: said here, before there is a writer to say it */
function openFile(path: string, format: Format, { forks }: SinkSetting): Sink {
  const file = openStoreFile(path)
  const common = { path, layout: format, services: [] }
  if (!forks)
    return {
      ...common,
      descriptors: [],
      openForWriting: () => new LineFile(path, file.fd, format),
      close: () => file.close(),
    }
  examineTail(path, file.fd, format)
  const kept = new KeptFile(file)
  return {
    ...common,
    descriptors: kept.descriptors,
    openForWriting: () => kept.open((fd, reopened) => new LineFile(path, fd, format, reopened)),
    close() {
      // the supervisor keeps it to its end
    },
  }
}

export const fileSink = (
  format: Format,
  { form, promise, linesOnly }: Pick<SinkKind, 'form' | 'promise' | 'linesOnly'>,
): SinkKind => ({
  form,
  promise,
  format,
  ...(linesOnly && { linesOnly }),
  open: (path, setting) => openFile(path, format, setting),
  read: (path, { after, changed }) => new LogReader(path, format, after, changed),
})
