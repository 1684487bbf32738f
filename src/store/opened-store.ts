/** A store that a server has open, whoever writes: a process of its own, or the one that serves. */
import { randomBytes } from 'node:crypto'
import type { Hosting } from '../server/application.js'
import type { Log } from '../supervisor/log.js'
import type { Prepared } from '../supervisor/supervised.js'
import type { MakeLink } from './connection/link.js'
import type { Replication } from './connection/until-replicated.js'
import { ForkStore, type WriterLimits } from './fork-store.js'
import { SingleStore } from './single-store.js'
import type { SinkAddress } from './sinks/parse.js'
import type { SinkOptions } from './sinks/sink.js'

export interface OpenedStore {
  readonly prepared: Prepared
  /** Links to whoever writes; in a rehearsal, to one that only pretends. */
  readonly makeLink: MakeLink
  /** How far the sink's cluster is, if it has one. */
  readonly replication?: Replication | undefined
  /** Waits for what clients that are gone have sent. */
  awaitAnswers(): void
  rehearse(): void
  rehearsed(): void
  /** At the end of the one process where nothing is forked. */
  close(): void
}

/** @throws {StoreError} {PosixError} when the sink cannot be used */
export function openSink(
  { kind, place }: SinkAddress,
  { forks, sharesMemory }: Hosting,
  options: WriterLimits & SinkOptions,
  log: Log,
): OpenedStore {
  const run = randomBytes(4).toString('hex')
  const sink = kind.open(place, { ...options, forks, log })
  if (forks) return new ForkStore(sink, run, options, sharesMemory, log)
  return new SingleStore(sink, run, options, log)
}
