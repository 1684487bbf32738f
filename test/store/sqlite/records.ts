/** Records for a database under test, and what somebody else does to it. */
import { join } from 'node:path'
import { GrowingBuffer } from '../../../src/store/connection/growing-buffer.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { type ReadOptions, read } from '../../../src/store/reading/read.js'
import { DatabaseFile } from '../../../src/store/sqlite/database-file.js'
import { type Connection, engine } from '../../../src/store/sqlite/engine.js'
import { rowLayout } from '../../../src/store/sqlite/row-layout.js'
import { withFolder } from '../../harness/folder.js'
import { NO_SQLITE } from '../../harness/sqlite.js'

/** Options of a test that needs SQLite. */
export const trial = { skip: NO_SQLITE ?? false }

/** Runs a test with the path of a database that is not there yet. */
export const withDatabase = (test: (path: string) => Promise<void>): Promise<void> =>
  withFolder((folder) => test(join(folder, 'm.db')))

export const timeOf = (seq: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seq))

const usual = (seq: number): Buffer => Buffer.from(`message ${seq}`)

/** As the writer's batch has them. */
export function records(first: number, last: number, message = usual, fields?: string): Buffer {
  const target = new GrowingBuffer(1024)
  for (let seq = first; seq <= last; seq++) {
    const head = { seq, time: timeOf(seq).toISOString(), connection: 'ab12cd34-1', n: seq, peer: '127.0.0.1:1' }
    rowLayout.add(target, head, message(seq), fields)
  }
  return Buffer.from(target.bytes.subarray(0, target.length))
}

export const opened = (path: string): DatabaseFile => new DatabaseFile(openStoreFile(path))

export function asUser(path: string, act: (connection: Connection) => void): void {
  const connection = engine()(path, false)
  act(connection)
  connection.close()
}

export async function numbers(path: string, options: ReadOptions = {}): Promise<(number | undefined)[]> {
  const found: (number | undefined)[] = []
  for await (const { sequence } of read(`sqlite:${path}`, options)) found.push(sequence)
  return found
}
