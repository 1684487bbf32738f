/** Turns pushed bytes into `await read()`: the connection is read only while somebody waits. */
import { type Compilable, keep, methodsOf } from '../../engine/compile.js'
import type { Taker } from './taker.js'

/** Who pushes. */
interface Source {
  resume(): void
  pause(): void
}

export interface Waiter {
  resolve(chunk: Buffer | undefined): void
  reject(error: Error): void
}

type Chunks = AsyncIterableIterator<Buffer, void, void>
type Step = IteratorResult<Buffer, void>

const DONE: Step = { done: true, value: undefined }

/** Who waits for the next step of an iteration. */
class StepWaiter implements Waiter {
  // no fields with values of their own, here and below: they would be a function for itself, which is called for each
  declare private readonly settle: (step: Step) => void
  declare readonly reject: (error: Error) => void

  constructor(settle: (step: Step) => void, reject: (error: Error) => void) {
    this.settle = settle
    this.reject = reject
  }

  resolve(value: Buffer | undefined): void {
    this.settle(value === undefined ? DONE : { done: false, value })
  }
}

/** By hand: an asynchronous generator would take three promises and two turns more for each chunk. */
export class ChunkIterator implements Chunks {
  declare private readonly reader: PullReader
  declare private left: boolean

  constructor(reader: PullReader) {
    this.reader = reader
    this.left = false
  }

  next(): Promise<Step> {
    if (this.left) return Promise.resolve(DONE)
    return new Promise<Step>((resolve, reject) => this.reader.take(new StepWaiter(resolve, reject)))
  }

  return(): Promise<Step> {
    this.left = true
    return Promise.resolve(DONE)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

/** What runs for each chunk. */
export const hot: readonly Compilable[] = [
  ChunkIterator,
  ...methodsOf(ChunkIterator, ['return']),
  StepWaiter,
  ...methodsOf(StepWaiter),
]

export class PullReader implements Taker {
  declare private readonly source: Source
  declare private readonly chunks: Buffer[]
  declare private readonly waiting: Waiter[]
  declare private ended: boolean
  declare private error: Error | undefined

  constructor(source: Source) {
    this.source = source
    this.chunks = []
    this.waiting = []
    this.ended = false
    this.error = undefined
  }

  read(): Promise<Buffer | undefined> {
    return new Promise((resolve, reject) => this.take({ resolve, reject }))
  }

  iterator(): Chunks {
    return new ChunkIterator(this)
  }

  push(chunk: Buffer): void {
    const waiter = this.waiting.shift()
    if (waiter === undefined) this.chunks.push(chunk)
    else waiter.resolve(chunk)
    if (this.waiting.length === 0) this.source.pause()
  }

  /** End of file. */
  end(): void {
    this.ended = true
    for (const waiter of this.waiting.splice(0)) waiter.resolve(undefined)
  }

  /** The descriptor is closed, by an error or by ourselves. */
  close(error: Error | undefined): void {
    this.error = error
    this.ended = true
    for (const waiter of this.waiting.splice(0)) {
      if (error === undefined) waiter.resolve(undefined)
      else waiter.reject(error)
    }
  }

  /** What has come and nobody has read; for whoever takes over. @throws {TypeError} while somebody waits */
  giveUp(): Buffer[] {
    if (this.waiting.length > 0) throw new TypeError('stream(): somebody is still waiting for read()')
    return this.chunks.splice(0)
  }

  /** Puts back what was read too much. */
  unread(chunk: Buffer): void {
    this.chunks.unshift(chunk)
  }

  /** This one waits no more. */
  forget(waiter: Waiter): void {
    const place = this.waiting.indexOf(waiter)
    if (place >= 0) this.waiting.splice(place, 1)
    if (this.waiting.length === 0) this.source.pause()
  }

  take(waiter: Waiter): void {
    const chunk = this.chunks.shift()
    if (chunk !== undefined) waiter.resolve(chunk)
    else if (this.error !== undefined) waiter.reject(this.error)
    else if (this.ended) waiter.resolve(undefined)
    else {
      this.waiting.push(waiter)
      this.source.resume()
    }
  }
}

/** Of these, what the others are called by. */
export const roots: readonly Compilable[] = [ChunkIterator.prototype.next]

const reader = new PullReader({ resume: () => {}, pause: () => {} })
keep(
  reader,
  reader.iterator(),
  new StepWaiter(
    () => {},
    () => {},
  ),
)
