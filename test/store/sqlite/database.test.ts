/** A database as a file that is appended to. */
import assert from 'node:assert/strict'
import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Left } from '../../../src/store/file/resume.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { read } from '../../../src/store/reading/read.js'
import { verify } from '../../../src/store/reading/verify.js'
import { parseSink } from '../../../src/store/sinks/parse.js'
import { DatabaseFile } from '../../../src/store/sqlite/database-file.js'
import { engine } from '../../../src/store/sqlite/engine.js'
import { asUser, numbers, opened, records, timeOf, trial, withDatabase } from './records.js'

test('batches are added, taken back in part, and gone on with', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
    assert.deepEqual(file.resume(undefined), { seq: 0, notes: [] })
    const [first, second] = [records(1, 3), records(4, 5)]
    assert.deepEqual(file.append(first), { written: first.length, error: undefined })
    file.sync()
    assert.equal(file.length(), first.length)
    file.append(second)
    assert.deepEqual(await numbers(path), [1, 2, 3, 4, 5])
    file.truncate(first.length)
    assert.deepEqual([file.length(), await numbers(path)], [first.length, [1, 2, 3]])
    const whole = records(1, 2).length
    file.truncate(whole)
    assert.ok(file.isAsLeft(whole) && !file.isAsLeft(first.length))
    const left: Left = { inode: file.inode, length: whole, seq: 2 }
    assert.equal(file.resume(left).seq, 2)
    file.append(records(3, 4))
    file.close()
    const next = opened(path)
    assert.deepEqual(next.resume(undefined), { seq: 4, notes: [] })
    assert.throws(
      () => next.resume(left),
      /^StoreError: .*somebody else has written to it: it counts \d+ bytes, and was left/,
    )
    next.close()
  }),
)

test('bytes and what a record says come back as they were', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
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
  }),
)

test('what a full disk does not take is not there, and what was there is', trial, () =>
  withDatabase(async (path) => {
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
    assert.deepEqual([file.length(), await numbers(path)], [length, [1, 2, 3]])
    file.append(records(4, 4))
    assert.deepEqual(await numbers(path), [1, 2, 3, 4])
    file.close()
  }),
)

test('whoever has it locked for too long is told of', trial, () =>
  withDatabase(async (path) => {
    const file = new DatabaseFile(openStoreFile(path), (...where) => {
      const connection = engine()(...where)
      return {
        exec: (sql) => connection.exec(sql.replace(/busy_timeout = \d+/, 'busy_timeout = 0')),
        prepare: (sql) => connection.prepare(sql),
        close: () => connection.close(),
      }
    })
    file.append(records(1, 1))
    asUser(path, (connection) => {
      connection.exec('BEGIN IMMEDIATE')
      const { written, error } = file.append(records(2, 2))
      assert.deepEqual([written, error?.code], [0, 'EBUSY'])
    })
    assert.equal(file.append(records(2, 2)).error, undefined)
    file.close()
  }),
)

test('whoever has the database may query it and delete from it; numbers go on', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
    file.append(records(1, 4))
    asUser(path, (connection) => {
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
    assert.deepEqual(await numbers(path), [5])
    file.close()
  }),
)

test('what is wrong is found by verify', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
    file.append(records(1, 3))
    file.close()
    const faults = (): string[] => {
      const found: string[] = []
      verify(parseSink('sink', `sqlite:${path}`), (words) => found.push(words))
      return found
    }
    assert.deepEqual(faults(), [])
    asUser(path, (connection) => connection.exec('DELETE FROM messages WHERE seq = 2'))
    assert.deepEqual(faults(), ['line 3, byte 3: number 3 comes after 1'])
  }),
)

test('what is no store of messages is refused, and left as it is', trial, () =>
  withDatabase(async (path) => {
    asUser(path, (connection) => connection.exec('CREATE TABLE mine (a)'))
    const file = opened(path)
    assert.throws(
      () => file.resume(undefined),
      /^StoreError: .*m\.db: not a store of messages: a database of another program$/,
    )
    await assert.rejects(numbers(path), /not a store of messages/)
    file.close()
    writeFileSync(path, 'not a database at all, but longer than its header of one hundred bytes. '.repeat(3))
    const other = opened(path)
    assert.throws(() => other.resume(undefined), /^StoreError: .*m\.db: file is not a database$/)
    other.close()
    rmSync(path)
    await assert.rejects(numbers(path), { code: 'ENOENT' })
  }),
)

test('a database that was moved away is said, and gone on with once it is back', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
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
  }),
)
