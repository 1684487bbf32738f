/** A database as a file that is appended to, and how it is read. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { GrowingBuffer } from '../../../src/store/connection/growing-buffer.js'
import { addRecord } from '../../../src/store/file/record.js'
import type { Left } from '../../../src/store/file/resume.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { type ReadOptions, read } from '../../../src/store/reading/read.js'
import { verify } from '../../../src/store/reading/verify.js'
import { parseSink } from '../../../src/store/sinks/parse.js'
import { DatabaseFile } from '../../../src/store/sqlite/database-file.js'
import { type Connection, engine } from '../../../src/store/sqlite/engine.js'
import { NO_SQLITE } from '../../harness/sqlite.js'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tined-sqlite-'))
  path = join(folder, 'm.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const trial = { skip: NO_SQLITE ?? false }
const timeOf = (seq: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seq))

const usual = (seq: number): Buffer => Buffer.from(`message ${seq}`)

function records(first: number, last: number, message = usual, fields?: string): Buffer {
  const target = new GrowingBuffer(1024)
  for (let seq = first; seq <= last; seq++) {
    const head = { seq, time: timeOf(seq).toISOString(), connection: 'ab12cd34-1', n: seq, peer: '127.0.0.1:1' }
    addRecord(target, head, message(seq), fields)
  }
  return Buffer.from(target.bytes.subarray(0, target.length))
}

const opened = (): DatabaseFile => new DatabaseFile(openStoreFile(path))

/** What somebody else does to it meanwhile. */
function asUser(act: (connection: Connection) => void): void {
  const connection = engine()(path, false)
  act(connection)
  connection.close()
}

const numbers = async (options: ReadOptions = {}): Promise<(number | undefined)[]> => {
  const found: (number | undefined)[] = []
  for await (const { sequence } of read(`sqlite:${path}`, options)) found.push(sequence)
  return found
}

test('batches are added, taken back in part, and gone on with', trial, async () => {
  const file = opened()
  assert.deepEqual(file.resume(undefined), { seq: 0, notes: [] })
  const [first, second] = [records(1, 3), records(4, 5)]
  assert.deepEqual(file.append(first), { written: first.length, error: undefined })
  file.sync()
  assert.equal(file.length(), first.length)
  file.append(second)
  assert.deepEqual(await numbers(), [1, 2, 3, 4, 5])
  file.truncate(first.length)
  assert.deepEqual([file.length(), await numbers()], [first.length, [1, 2, 3]])
  const whole = records(1, 2).length
  file.truncate(whole)
  assert.ok(file.isAsLeft(whole) && !file.isAsLeft(first.length))
  const left: Left = { inode: file.inode, length: whole, seq: 2 }
  assert.equal(file.resume(left).seq, 2)
  file.append(records(3, 4))
  file.close()
  const next = opened()
  assert.deepEqual(next.resume(undefined), { seq: 4, notes: [] })
  assert.throws(
    () => next.resume(left),
    /^StoreError: .*somebody else has written to it: it counts \d+ bytes, and was left/,
  )
  next.close()
})

test('bytes and what a record says come back as they were', trial, async () => {
  const file = opened()
  const bytes = Buffer.from([0, 0xff, 0x0a, 0xe2, 0x80])
  file.append(records(1, 1, () => bytes))
  file.append(records(2, 2, () => Buffer.of(), '{"a":[1]}'))
  const found: unknown[] = []
  for await (const { offset, ...said } of read(`sqlite:${path}`))
    found.push({ ...said, offset: /^\d+:0:\d$/.test(offset) })
  const common = { connection: 'ab12cd34-1', peer: '127.0.0.1:1', offset: true }
  assert.deepEqual(found, [
    { message: bytes, sequence: 1, at: timeOf(1), n: 1, fields: undefined, ...common },
    { message: Buffer.of(), sequence: 2, at: timeOf(2), n: 2, fields: { a: [1] }, ...common },
  ])
  file.close()
})

test('what a full disk does not take is not there, and what was there is', trial, async () => {
  const file = new DatabaseFile(openStoreFile(path), (...where) => {
    const connection = engine()(...where)
    // a limit that can be had without a file system of its own
    connection.exec('PRAGMA max_page_count = 9')
    return connection
  })
  file.append(records(1, 3))
  const { length } = records(1, 3)
  const { written, error } = file.append(records(4, 4, () => Buffer.alloc(100_000)))
  assert.deepEqual([written, error?.code, error?.syscall], [0, 'ENOSPC', 'sqlite'])
  assert.deepEqual([file.length(), await numbers()], [length, [1, 2, 3]])
  file.append(records(4, 4))
  assert.deepEqual(await numbers(), [1, 2, 3, 4])
  file.close()
})

test('whoever has it locked for too long is told of', trial, () => {
  const file = new DatabaseFile(openStoreFile(path), (...where) => {
    const connection = engine()(...where)
    return {
      exec: (sql) => connection.exec(sql.replace(/busy_timeout = \d+/, 'busy_timeout = 0')),
      prepare: (sql) => connection.prepare(sql),
      close: () => connection.close(),
    }
  })
  file.append(records(1, 1))
  asUser((connection) => {
    connection.exec('BEGIN IMMEDIATE')
    const { written, error } = file.append(records(2, 2))
    assert.deepEqual([written, error?.code], [0, 'EBUSY'])
  })
  assert.equal(file.append(records(2, 2)).error, undefined)
  file.close()
})

test('whoever has the database may query it and delete from it; numbers go on', trial, async () => {
  const file = opened()
  file.append(records(1, 4))
  asUser((connection) => {
    const row = connection
      .prepare(
        "SELECT group_concat(cast(message AS text), ', ') words FROM messages WHERE peer LIKE '127.%' AND time >= ?",
      )
      .get(timeOf(3).toISOString()) as { words: string }
    assert.equal(row.words, 'message 3, message 4')
    connection.exec('DELETE FROM messages')
  })
  assert.equal(file.resume({ inode: file.inode, length: file.length(), seq: 4 }).seq, 4)
  file.append(records(5, 6))
  file.truncate(records(1, 5).length)
  assert.equal(file.resume(undefined).seq, 5)
  assert.deepEqual(await numbers(), [5])
  file.close()
})

test('reads what was asked for, and follows until the database is gone', trial, async () => {
  const file = opened()
  file.append(records(1, 2500))
  assert.equal((await numbers()).length, 2500)
  assert.deepEqual(await numbers({ since: timeOf(2499) }), [2499, 2500])
  assert.deepEqual(await numbers({ since: timeOf(3000) }), [])
  const { kind, place } = parseSink('sink', `sqlite:${path}`)
  const reader = kind.read(place, { last: 2, changed: assert.fail })
  assert.deepEqual(
    [...reader.read()].map(({ number }) => number),
    [2499, 2500],
  )
  reader.close()
  const found: (number | undefined)[] = []
  const following = async (): Promise<void> => {
    for await (const { sequence, offset } of read(`sqlite:${path}`, { since: timeOf(2500), follow: true })) {
      found.push(sequence)
      if (sequence === 2500) file.append(records(2501, 2502))
      if (sequence !== 2502) continue
      assert.deepEqual(await numbers({ after: offset.replace(/\d+$/, '2501') }), [2502])
      file.close()
      renameSync(path, `${path}.moved`)
    }
  }
  await assert.rejects(following(), /^StoreError: .*the database was moved away or removed while it was read$/)
  assert.deepEqual(found, [2500, 2501, 2502])
})

test('what is wrong is found by verify', trial, () => {
  const file = opened()
  file.append(records(1, 3))
  file.close()
  const faults = (): string[] => {
    const found: string[] = []
    verify(parseSink('sink', `sqlite:${path}`), (words) => found.push(words))
    return found
  }
  assert.deepEqual(faults(), [])
  asUser((connection) => connection.exec('DELETE FROM messages WHERE seq = 2'))
  assert.deepEqual(faults(), ['line 3, byte 3: number 3 comes after 1'])
})

test('what is no store of messages is refused, and left as it is', trial, async () => {
  asUser((connection) => connection.exec('CREATE TABLE mine (a)'))
  const file = opened()
  assert.throws(
    () => file.resume(undefined),
    /^StoreError: .*m\.db: not a store of messages: a database of another program$/,
  )
  await assert.rejects(numbers(), /not a store of messages/)
  file.close()
  writeFileSync(path, 'not a database at all, but longer than its header of one hundred bytes. '.repeat(3))
  const other = opened()
  assert.throws(() => other.resume(undefined), /^StoreError: .*m\.db: file is not a database$/)
  other.close()
  rmSync(path)
  await assert.rejects(numbers(), { code: 'ENOENT' })
})

test('a database that was moved away is said, and gone on with once it is back', trial, () => {
  const file = opened()
  file.append(records(1, 1))
  const { length } = records(1, 1)
  copyFileSync(path, `${path}.copy`)
  renameSync(path, `${path}.moved`)
  assert.equal(file.isAsLeft(length), false)
  const left = { inode: file.inode, length, seq: 1 }
  assert.throws(
    () => file.resume(left),
    /^StoreError: .*was moved away or removed: put it back, or start the server anew$/,
  )
  renameSync(`${path}.moved`, path)
  assert.equal(file.resume(left).seq, 1)
  assert.ok(file.isAsLeft(length))
  file.close()
})

test('a Node without SQLite says what to do', { skip: NO_SQLITE === undefined && 'by design: there is one' }, () => {
  const { kind, place } = parseSink('to', `sqlite:${path}`)
  assert.throws(
    () => kind.read(place, { changed: assert.fail }),
    /^StoreError: sqlite: this Node \(v20[\d.]+\) has no SQLite: use Node 22\.13 or later, or npm install better-sqlite3@12$/,
  )
})

test('whoever reads waits for whoever has the database for himself', trial, async () => {
  const file = opened()
  file.append(records(1, 1))
  file.close()
  // locks of this process would be seen by nobody in it
  const source = `
    import { engine } from ${JSON.stringify(new URL('../../../src/store/sqlite/engine.js', import.meta.url).href)}
    const connection = engine()(${JSON.stringify(path)}, false)
    connection.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; UPDATE tined SET seq = seq; COMMIT')
    console.log('locked')
    setTimeout(() => connection.close(), 300)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'ignore'] })
  const over = once(holder, 'exit')
  await once(holder.stdout, 'data')
  assert.deepEqual(await numbers(), [1])
  await over
})
