/** A store's file that is closed when it is large or old enough: it gets a segment's name, and the next one is begun in its place. */
import { existsSync, linkSync, renameSync, statSync, unlinkSync } from 'node:fs'
import type { Format } from '../file/format.js'
import { LineFile } from '../file/line-file.js'
import type { MessageRecord } from '../file/record.js'
import type { Left, Resumed } from '../file/resume.js'
import { firstRecordOf } from '../reading/rotated.js'
import type { Tell } from '../tell.js'
import { type Closed, isDue, outdated, removes, rotates, type SegmentLimits } from './limits.js'
import { segmentPath, segmentsOf } from './segment-name.js'

/** How often it is looked for closed ones that are too old, if none is closed meanwhile; and when what failed is tried again. */
const AGAIN_MS = 60_000

export class SegmentedFile extends LineFile {
  readonly #format: Format
  readonly #limits: SegmentLimits
  readonly #now: () => number
  /** Time of the first record, once it was asked for. */
  #firstMs: number | undefined
  #failedMs = Number.NEGATIVE_INFINITY
  #lookedMs = Number.NEGATIVE_INFINITY

  constructor(
    path: string,
    fd: number,
    format: Format,
    limits: SegmentLimits,
    reopened?: (fd: number) => void,
    now: () => number = Date.now,
  ) {
    super(path, fd, format, reopened)
    this.#format = format
    this.#limits = limits
    this.#now = now
  }

  override resume(left: Left | undefined): Resumed {
    this.#firstMs = undefined
    return super.resume(left)
  }

  /**
   * Between two batches, when all that was written was told of. Whoever dies in the middle of it has moved the file away or not, and the
   * next writer goes on as if somebody else had.
   *
   * @returns where to go on
   */
  tend(left: Left, tell: Tell): Left {
    const now = this.#now()
    if (now - this.#failedMs < AGAIN_MS) return left
    try {
      const next = rotates(this.#limits) ? this.#rotate(left, now, tell) : left
      if (next !== left || now - this.#lookedMs >= AGAIN_MS) this.#remove(now, tell)
      return next
    } catch (error) {
      this.#failedMs = now
      tell('warn', `${this.path}: not rotated, and going on in it: ${(error as Error).message}`)
      return left
    }
  }

  #rotate(left: Left, now: number, tell: Tell): Left {
    if (!isDue(this.#limits, left.length, () => this.#firstRecordMs(), now)) return left
    const record = this.#firstRecord()
    // none that is whole: what is wrong with it "tined messages" tells
    if (record === undefined) return left
    const segment = segmentPath(this.whole, record.seq, Date.parse(record.time))
    if (existsSync(segment)) throw new Error(`${segment} is there already`)
    // an answer may not have waited for the disk, and a start looks at the last file only
    this.sync()
    renameSync(this.whole, segment)
    try {
      this.reopen()
    } catch (error) {
      this.#moveBack(segment)
      throw error
    }
    this.#firstMs = undefined
    tell('info', `closed ${segment}: ${left.length} bytes`)
    return { inode: this.inode, length: 0, seq: left.seq }
  }

  /** Not over a file that somebody has made meanwhile: then it counts as moved away. */
  #moveBack(segment: string): void {
    try {
      linkSync(segment, this.whole)
      unlinkSync(segment)
    } catch {
      // found with the next batch
    }
  }

  #firstRecordMs(): number {
    this.#firstMs ??= Date.parse(this.#firstRecord()?.time ?? '')
    return this.#firstMs
  }

  #firstRecord(): MessageRecord | undefined {
    return firstRecordOf(this.whole, this.#format)
  }

  #remove(now: number, tell: Tell): void {
    this.#lookedMs = now
    if (!removes(this.#limits)) return
    const closed = segmentsOf(this.whole).flatMap(({ path }): Closed[] => {
      const found = statSync(path, { throwIfNoEntry: false })
      return found === undefined ? [] : [{ path, bytes: found.size, writtenMs: found.mtimeMs }]
    })
    for (const { path } of outdated(this.#limits, closed, now)) {
      unlinkSync(path)
      tell('info', `removed ${path}`)
    }
  }
}
