/** How a database is read, and followed from one to the next. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { read } from '../../../src/store/reading/read.js'
import { parseSink } from '../../../src/store/sinks/parse.js'
import type { SinkReader } from '../../../src/store/sinks/sink.js'
import { Program, tined } from '../../harness/program.js'
import { NO_SQLITE } from '../../harness/sqlite.js'
import { numbers, opened, records, timeOf, trial, withDatabase } from './records.js'

test('reads what was asked for, and behind an offset', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
    file.append(records(1, 2500))
    assert.equal((await numbers(path)).length, 2500)
    assert.deepEqual(await numbers(path, { since: timeOf(2499) }), [2499, 2500])
    assert.deepEqual(await numbers(path, { since: timeOf(3000) }), [])
    const { kind, place } = parseSink('sink', `sqlite:${path}`)
    const reader = kind.read(place, { last: 2, changed: assert.fail })
    assert.deepEqual(
      [...reader.read()].map(({ number }) => number),
      [2499, 2500],
    )
    reader.close()
    const offsets: string[] = []
    for await (const { offset } of read(`sqlite:${path}`, { since: timeOf(2499) })) offsets.push(offset)
    assert.deepEqual(await numbers(path, { after: offsets[0] }), [2500])
    file.close()
  }),
)

test('a Node without SQLite says what to do', { skip: NO_SQLITE === undefined && 'by design: there is one' }, () =>
  withDatabase(async (path) => {
    const { kind, place } = parseSink('to', `sqlite:${path}`)
    assert.throws(
      () => kind.read(place, { changed: assert.fail }),
      /^StoreError: sqlite: this Node \(v20[\d.]+\) has no SQLite: use Node 22\.13 or later, or npm install better-sqlite3@12$/,
    )
  }),
)

test('whoever reads waits for whoever has the database for himself', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
    file.append(records(1, 1))
    file.close()
    // locks of this process would be seen by nobody in it
    const source = `
    import { engine } from ${JSON.stringify(new URL('../../../src/store/sqlite/engine.js', import.meta.url).href)}
    const connection = engine()(${JSON.stringify(path)}, false)
    connection.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; UPDATE tined SET seq = seq; COMMIT')
    console.log('locked')
    setTimeout(() => connection.close(), 300)`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const over = once(holder, 'exit')
    await once(holder.stdout, 'data')
    assert.deepEqual(await numbers(path), [1])
    await over
  }),
)

/** All that there is of a database moves, or what is named. */
function move(path: string, to: string, ...endings: string[]): void {
  for (const ending of endings.length > 0 ? endings : ['', '-wal', '-shm'])
    if (existsSync(path + ending)) renameSync(path + ending, to + ending)
}

/** A reader that is asked again and again, and what it says. */
function following(path: string): { found: () => (number | undefined)[]; told: string[]; reader: SinkReader } {
  const told: string[] = []
  const { kind, place } = parseSink('sink', `sqlite:${path}`)
  const reader = kind.read(place, { changed: (change) => told.push(change) })
  return { found: () => [...reader.read()].map(({ number }) => number), told, reader }
}

test('who follows reads what is left, lets go, and goes on in the database that takes its place', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
    file.append(records(1, 2))
    const { found, told, reader } = following(path)
    assert.deepEqual(found(), [1, 2])
    file.append(records(3, 4))
    file.close()
    move(path, `${path}.old`)
    assert.deepEqual(found(), [3, 4], 'written before it was moved')
    assert.deepEqual([found(), told], [[], []], 'between the two')
    const next = opened(path)
    assert.deepEqual(found(), [], 'no table yet')
    next.append(records(1, 1500))
    assert.deepEqual(found().length, 1500)
    assert.deepEqual(told, ['moved'])
    next.append(records(1501, 1501))
    assert.deepEqual(found(), [1501])
    reader.close()
    next.close()
  }),
)

test('who follows one that is put back reads nothing twice', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
    file.append(records(1, 2))
    const { found, told, reader } = following(path)
    assert.deepEqual(found(), [1, 2])
    move(path, `${path}.old`)
    assert.deepEqual(found(), [])
    move(`${path}.old`, path)
    file.append(records(3, 3))
    assert.deepEqual(found(), [3])
    assert.deepEqual(told, [])
    reader.close()
    file.close()
  }),
)

test('one that is begun beside the log of the last is whole, and whoever followed goes on in it', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
    file.append(records(1, 2))
    const { found, told, reader } = following(path)
    // the reader keeps the log from being removed
    file.close()
    assert.ok(existsSync(`${path}-wal`))
    renameSync(path, `${path}.old`)
    assert.deepEqual(found(), [1, 2])
    const next = opened(path)
    next.append(records(1, 3))
    assert.deepEqual(found(), [1, 2, 3])
    assert.deepEqual([told, reader.faults?.()], [['moved'], []])
    reader.close()
    next.close()
  }),
)

test('one that is put in its place with the log of the last is said, and not mixed with it', trial, () =>
  withDatabase(async (path) => {
    const other = join(dirname(path), 'other.db')
    const backup = opened(other)
    backup.append(records(1, 1))
    backup.close()
    const file = opened(path)
    file.append(records(1, 2))
    const { found, reader } = following(path)
    assert.deepEqual(found(), [1, 2])
    renameSync(other, path)
    assert.throws(
      found,
      /^StoreError: .*m\.db: another database has its name and its -wal or -shm, which belong to the one that was read: move them together$/,
    )
    reader.close()
    file.close()
  }),
)

test('in a program, and with tined messages --follow, which says so', trial, () =>
  withDatabase(async (path) => {
    const file = opened(path)
    file.append(records(1, 1))
    const program = new Program(tined('messages', `sqlite:${path}`, '--follow'))
    await program.printed('message 1\n')
    const found: (number | undefined)[] = []
    let next = file
    for await (const { sequence } of read(`sqlite:${path}`, { follow: true })) {
      found.push(sequence)
      if (found.length === 1) {
        file.append(records(2, 2))
        await program.printed('message 2\n')
        file.close()
        move(path, `${path}.old`)
        next = opened(path)
        next.append(records(1, 1, () => Buffer.from('another')))
      }
      if (found.length === 3) break
    }
    assert.deepEqual(found, [1, 2, 1])
    await program.printed('another\n')
    assert.match(program.stderr, /m\.db: the file was moved away; going on in the one that has its name now\n$/)
    process.kill(program.pid, 'SIGINT')
    await program.finished()
    next.close()
  }),
)
