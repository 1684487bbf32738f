/** `nats://HOST:PORT/STREAM`, and `tls://` with encryption: a stream of JetStream's, behind a spool on disk. */
import { resolve } from 'node:path'
import { SIGTERM } from '../../libc/constants.js'
import { close } from '../../libc/fd.js'
import { signalfd, sigset } from '../../libc/signal.js'
import { ndjson } from '../file/formats/ndjson.js'
import { KeptFile } from '../file/kept-file.js'
import { StoreError } from '../file/store-error.js'
import { openStoreFile } from '../file/store-file.js'
import { examineTail } from '../file/tail.js'
import { parseStream, STREAM_FORMS, type StreamAddress } from '../nats/address.js'
import { assertClientPackages } from '../nats/client-package.js'
import { forwarderService } from '../nats/forwarder-service.js'
import { openProgress, sharedProgress } from '../nats/open-progress.js'
import { Progress } from '../nats/progress.js'
import { Spool } from '../nats/spool.js'
import type { Sink, SinkKind, SinkSetting } from './sink.js'

function open(address: StreamAddress, { forks, durability, spool, spoolBytes }: SinkSetting): Sink {
  if (!forks) throw new StoreError('a nats: sink needs processes of its own: choose model fork, prefork or multiplex')
  assertClientPackages()
  const { stream } = address
  const path = spool ?? `${stream}.spool`
  const file = openStoreFile(path)
  try {
    examineTail(path, file.fd, ndjson)
  } catch (error) {
    file.close()
    throw error
  }
  const { memory, writersBell, forwardersBell } = openProgress()
  const kept = new KeptFile(file)
  return {
    path,
    layout: ndjson,
    descriptors: [memory, writersBell, forwardersBell, ...kept.descriptors],
    replication: sharedProgress(memory),
    services: [forwarderService({ spool: resolve(path), address, memory, bell: forwardersBell })],
    openForWriting() {
      close(forwardersBell)
      const terms = {
        mostBytes: spoolBytes,
        replicated: durability === 'replicated',
        end: signalfd(sigset([SIGTERM])),
      }
      const progress = new Progress(memory, writersBell)
      return kept.open((fd, reopened) => new Spool(path, fd, progress, terms, reopened))
    },
    close: () => kept.close(),
  }
}

const streamSink = (scheme: keyof typeof STREAM_FORMS, promise: string): SinkKind => ({
  form: STREAM_FORMS[scheme],
  promise,
  format: ndjson,
  spools: true,
  services: 1,
  check: (name, place) => void parseStream(name, scheme, place),
  open: (place, setting) => open(parseStream('to', scheme, place), setting),
  read() {
    throw new StoreError('a stream is read with a client of NATS; what waits to be forwarded is in the spool, a file')
  },
})

export const natsSink = streamSink(
  'nats',
  'what was answered is in the spool once, and fdatasync(2) has returned for it; with durability replicated, the stream has answered that it has it',
)

export const tlsSink = streamSink(
  'tls',
  'as with nats:, and nothing is said to a server that is not encrypted or not who it should be',
)
