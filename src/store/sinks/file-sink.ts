/** Sinks that are files of lines: `FILE` and `text:FILE`. */
import type { Format } from '../file/format.js'
import { KeptFile } from '../file/kept-file.js'
import { LineFile } from '../file/line-file.js'
import { openStoreFile } from '../file/store-file.js'
import { examineTail } from '../file/tail.js'
import { LogReader } from '../reading/log-reader.js'
import { removes, rotates } from '../segments/limits.js'
import { SegmentedFile } from '../segments/segmented-file.js'
import type { Sink, SinkKind, SinkSetting } from './sink.js'

/** @throws {StoreError} {PosixError} also when the file is damaged or no store: said here, before there is a writer to say it */
function openFile(path: string, format: Format, setting: SinkSetting): Sink {
  const file = openStoreFile(path)
  const segmented = rotates(setting) || removes(setting)
  const make = (fd: number, reopened?: (fd: number) => void): LineFile =>
    segmented ? new SegmentedFile(path, fd, format, setting, reopened) : new LineFile(path, fd, format, reopened)
  const common = { path, layout: format, services: [] }
  if (!setting.forks)
    return {
      ...common,
      descriptors: [],
      openForWriting: () => make(file.fd),
      close: () => file.close(),
    }
  examineTail(path, file.fd, format)
  const kept = new KeptFile(file)
  return {
    ...common,
    descriptors: kept.descriptors,
    openForWriting: () => kept.open(make),
    close: () => kept.close(),
  }
}

export const fileSink = (
  format: Format,
  told: Pick<SinkKind, 'form' | 'promise' | 'linesOnly' | 'rotates'>,
): SinkKind => ({
  ...told,
  format,
  open: (path, setting) => openFile(path, format, setting),
  read: (path, wish) => new LogReader(path, format, wish),
})
