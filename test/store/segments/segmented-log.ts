/** A log in segments under test: a record a second, at a time that the test decides. */
import assert from 'node:assert/strict'
import { utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GrowingBuffer } from '../../../src/store/connection/growing-buffer.js'
import { ndjson } from '../../../src/store/file/formats/ndjson.js'
import { addRecord } from '../../../src/store/file/record.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { type ReadOptions, read } from '../../../src/store/reading/read.js'
import type { SegmentLimits } from '../../../src/store/segments/limits.js'
import { SegmentedFile } from '../../../src/store/segments/segmented-file.js'
import { withFolder } from '../../harness/folder.js'

const BEGIN_MS = Date.UTC(2026, 0, 31, 12)
export const SECOND_MS = 1000
/** One a second. */
export const timeOf = (seq: number): number => BEGIN_MS + seq * SECOND_MS

export const record = (seq: number): Buffer => {
  const target = new GrowingBuffer(1024)
  const time = new Date(timeOf(seq)).toISOString()
  addRecord(target, { seq, time, connection: 'ab12cd34-1', n: seq, peer: '127.0.0.1:1' }, Buffer.from(`message ${seq}`))
  return Buffer.from(target.bytes.subarray(0, target.length))
}

/** Runs a test with the path of a file that is not there yet. */
export const withFile = (test: (file: string) => Promise<void>): Promise<void> =>
  withFolder((folder) => test(join(folder, 'm.ndjson')))

/** Appends records one by one, as a writer does, and tells what was logged. */
export class SegmentedLog {
  now = timeOf(0)
  readonly told: string[] = []
  readonly #path: string
  readonly file: SegmentedFile
  left: { inode: number; length: number; seq: number }

  constructor(path: string, limits: SegmentLimits) {
    this.#path = path
    this.file = new SegmentedFile(path, openStoreFile(path).fd, ndjson, limits, undefined, () => this.now)
    const { seq } = this.file.resume(undefined)
    this.left = { inode: this.file.inode, length: this.file.length(), seq }
  }

  tend(): void {
    this.left = this.file.tend(this.left, (level, message) =>
      this.told.push(`${level} ${message.replaceAll(dirname(this.#path), '')}`),
    )
    assert.ok(this.file.isAsLeft(this.left.length), 'it is as it says')
  }

  add(count: number): void {
    for (let turn = 0; turn < count; turn++) {
      this.tend()
      const seq = this.left.seq + 1
      this.now = timeOf(seq)
      this.file.append(record(seq))
      utimesSync(this.#path, this.now / SECOND_MS, this.now / SECOND_MS)
      this.left = { ...this.left, length: this.file.length(), seq }
    }
  }

  close(): void {
    this.file.close()
  }
}

export const numbers = async (path: string, options: ReadOptions = {}): Promise<(number | undefined)[]> => {
  const found: (number | undefined)[] = []
  for await (const { sequence } of read(path, options)) found.push(sequence)
  return found
}
