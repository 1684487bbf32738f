/** Forwards a spool to a stream, in its order, from where it was, again and again until it is told to end. */
import { setTimeout as delay } from 'node:timers/promises'
import { BackOff } from '../../supervisor/back-off.js'
import type { MessageRecord } from '../file/record.js'
import type { StreamAddress } from './address.js'
import { OffsetFile } from './offset-file.js'
import type { Progress } from './progress.js'
import { removeThrough } from './spool-files.js'
import { SpoolReader } from './spool-reader.js'
import { openStream, type Stream } from './stream.js'

const PORTION = { messages: 1024, bytes: 1024 * 1024 }
/** So long after a record was forwarded that is on disk, at most. */
const KEEP_MS = 250
/** Told to end, it forwards what is there, but no longer than this. */
const END_MS = 3000
/** For what the writer still writes, told to end at the same moment. */
const QUIET_MS = 100

export interface ForwardingParts {
  readonly spool: string
  readonly address: StreamAddress
  readonly progress: Progress
  log(level: 'info' | 'warn', message: string): void
  /** Told each time that the stream was found. */
  found(): void
  /** Told each time that it was not, or that it does not take what it is given. */
  failed(error: Error): void
}

/** Whichever server it was. */
const reasonOf = ({ message, cause }: Error): string => (cause instanceof Error ? cause.message : message)

export class Forwarding {
  readonly #parts: ForwardingParts
  readonly #offset: OffsetFile
  readonly #backOff = new BackOff(50, 2000)
  /** Why nothing has been forwarded since it was last. */
  readonly #told = new Set<string>()
  /** Counts attempts; hosts should not all begin with the same server. */
  #server: number
  #ending = false
  #woken = false
  #wake = (): void => {}

  /** @throws {Error} EACCES, … the file beside the spool */
  constructor(parts: ForwardingParts) {
    this.#parts = parts
    this.#offset = new OffsetFile(parts.spool)
    const { progress, address } = parts
    // one that was killed may have come further than is on disk
    this.#forwarded(Math.max(progress.forwarded, this.#offset.kept))
    this.#server = Math.floor(Math.random() * address.servers.length)
  }

  /** There may be something to do. */
  wake(): void {
    this.#woken = true
    this.#wake()
  }

  /** What is there is still forwarded, if the stream can be reached. */
  end(): void {
    this.#ending = true
    this.wake()
  }

  /** Fulfilled once it was told to end. */
  async run(): Promise<void> {
    const timer = setInterval(() => this.#keep(), KEEP_MS)
    while (!this.#ending) {
      try {
        await this.#connected((stream) => this.#forwardFrom(stream))
      } catch (error) {
        const { failed, log } = this.#parts
        failed(error as Error)
        const reason = reasonOf(error as Error)
        // one that comes behind another may be the one that does not go away by itself
        if (!this.#told.has(reason))
          log('warn', `nothing is forwarded, and messages wait in the spool: ${(error as Error).message}`)
        this.#told.add(reason)
        await this.#rest(this.#backOff.failed())
      }
    }
    clearInterval(timer)
    this.#keep()
  }

  async #connected(act: (stream: Stream) => Promise<void>): Promise<void> {
    const { address, found } = this.#parts
    const server = address.servers[this.#server++ % address.servers.length] as string
    let stream: Stream | undefined
    try {
      stream = await openStream(address, server)
      found()
      await act(stream)
    } catch (error) {
      // those of OpenSSL end with a newline
      throw new Error(`${server}: ${(error as Error).message.trim()}`, { cause: error })
    } finally {
      await stream?.close()
    }
  }

  /** Returns once it was told to end. */
  async #forwardFrom(stream: Stream): Promise<void> {
    const { spool, progress, log } = this.#parts
    const reader = new SpoolReader(spool, progress.forwarded, (words) => log('warn', words))
    let endsMs: number | undefined
    try {
      for (;;) {
        const records = reader.take(progress.stored, PORTION)
        if (records.length > 0) await this.#publish(stream, records)
        else if (!this.#ending) await this.#waitForMore()
        else if (endsMs === undefined) await delay(QUIET_MS)
        else return
        if (this.#ending) {
          endsMs ??= performance.now() + END_MS
          if (performance.now() > endsMs) return
        }
      }
    } finally {
      reader.close()
    }
  }

  async #publish(stream: Stream, records: readonly MessageRecord[]): Promise<void> {
    const { count, error } = await stream.publish(records)
    const last = records[count - 1]
    if (last !== undefined) this.#forwarded(last.seq)
    if (error !== undefined) throw error
    if (this.#told.size > 0) this.#parts.log('info', 'forwarding again')
    this.#told.clear()
    this.#backOff.succeeded()
  }

  #forwarded(sequence: number): void {
    this.#parts.progress.forwarded = sequence
    this.#parts.progress.ring()
  }

  /** What is removed is known to be forwarded, whatever happens. */
  #keep(): void {
    const { progress, spool } = this.#parts
    if (progress.forwarded === this.#offset.kept) return
    this.#offset.keep(progress.forwarded)
    removeThrough(spool, this.#offset.kept)
  }

  /** Until there is something to do. */
  async #waitForMore(): Promise<void> {
    if (!this.#woken)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    this.#woken = false
  }

  async #rest(ms: number): Promise<void> {
    const rested = delay(ms, true)
    while (!this.#ending && !(await Promise.race([rested, this.#waitForMore()])));
  }
}
