/** Messages from lines and from other stores: all of them, once, also when it was interrupted. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { Importer } from '../../../src/store/importing/importer.js'
import { type Imported, lastRecord, linesOf, messagesOf } from '../../../src/store/importing/sources.js'
import { read } from '../../../src/store/reading/read.js'
import { verify } from '../../../src/store/reading/verify.js'
import { segmentsOf } from '../../../src/store/segments/segment-name.js'
import { parseSink } from '../../../src/store/sinks/parse.js'
import type { SinkOptions } from '../../../src/store/sinks/sink.js'
import { withFolder } from '../../harness/folder.js'
import { tined } from '../../harness/program.js'
import { NO_SQLITE } from '../../harness/sqlite.js'

/** Runs a test with the path of a file that is not there yet. */
const withFile = (test: (file: string) => Promise<void>): Promise<void> =>
  withFolder((folder) => test(join(folder, 'm.ndjson')))

const silent = { error: assert.fail, warn: assert.fail, info: assert.fail, debug: assert.fail, debugs: false }

/** @param most after so many it is killed: what is under way is lost */
async function importInto(
  sinkText: string,
  messages: Iterable<Imported> | AsyncIterable<Imported>,
  more: { most?: number; options?: Partial<SinkOptions> } = {},
): Promise<number> {
  const { kind, place } = parseSink('sink', sinkText)
  const sink = kind.open(place, { durability: 'disk', spoolBytes: 0, ...more.options, forks: false, log: silent })
  const importer = new Importer(sink, () => {})
  let count = 0
  for await (const { origin, message, fields } of messages) {
    importer.add(origin, message, fields)
    if (++count === more.most) break
  }
  if (more.most === undefined) importer.flush()
  sink.close()
  return importer.imported
}

async function* chunksOf(text: string | Buffer, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function storedIn(sink: string): Promise<string[]> {
  const found: string[] = []
  for await (const { message } of read(sink)) found.push(message.toString('latin1'))
  return found
}

function assertWhole(sink: string): void {
  verify(parseSink('sink', sink), (words) => assert.fail(words))
}

test('lines as they are cut, whatever they come in', () =>
  withFile(async (file) => {
    const text = Buffer.from('one\n\ntwo\r\n\xff\xfe\nlast', 'latin1')
    for (const size of [1, 3, 100]) await importInto(file, linesOf(chunksOf(text, size), undefined))
    const once = ['one', '', 'two\r', '\xff\xfe', 'last']
    assert.deepEqual(await storedIn(file), [...once, ...once, ...once])
    assertWhole(file)
  }))

test('an import of lines that was killed goes on behind what is on disk', () =>
  withFile(async (file) => {
    const lines = Array.from({ length: 3000 }, (_, index) => `${index} ${'x'.repeat(1000)}`)
    const text = `${lines.join('\n')}\n`
    const imported = await importInto(file, linesOf(chunksOf(text, 60_000), undefined), { most: 2500 })
    assert.ok(imported > 500 && imported < 2500, `${imported}`)
    // and in the middle of writing
    truncateSync(file, readFileSync(file).length - 100)
    const address = parseSink('sink', file)
    const resume = async (): Promise<number> => {
      const { kind, place } = address
      const sink = kind.open(place, { durability: 'disk', spoolBytes: 0, forks: false, log: silent })
      const importer = new Importer(sink, () => {})
      for await (const { origin, message } of linesOf(chunksOf(text, 60_000), lastRecord(address)))
        importer.add(origin, message)
      importer.flush()
      sink.close()
      return importer.imported
    }
    assert.equal(await resume(), 3000 - imported + 1)
    assert.equal(await resume(), 0)
    assert.deepEqual(await storedIn(file), lines)
    assertWhole(file)
  }))

test('from one store to another and on, with who sent it and when', { skip: NO_SQLITE ?? false }, () =>
  withFile(async (file) => {
    const database = `sqlite:${join(dirname(file), 'm.db')}`
    const third = join(dirname(file), 'third.ndjson')
    await importInto(file, linesOf(chunksOf('a\nb\n\xc3\nd\n', 9), undefined))
    await importInto(file, linesOf(chunksOf('e\nf\n', 9), undefined))
    const from = (sink: string): ReturnType<typeof messagesOf> => messagesOf(parseSink('sink', sink), undefined)
    assert.equal(await importInto(database, from(file)), 6)
    assert.equal(await importInto(third, from(database), { options: { rotateBytes: 1 } }), 6)
    const saidBy = async (sink: string): Promise<unknown[]> => {
      const found: unknown[] = []
      for await (const { offset: _here, ...said } of read(sink)) found.push(said)
      return found
    }
    assert.deepEqual(await saidBy(database), await saidBy(file))
    assert.deepEqual(await saidBy(third), await saidBy(file))
    await importInto(file, linesOf(chunksOf('g\n', 9), undefined))
    const rest = messagesOf(parseSink('sink', file), lastRecord(parseSink('sink', database)))
    assert.equal(await importInto(third, rest, { options: { rotateBytes: 1 } }), 1)
    assert.equal(segmentsOf(third).length, 1, 'closed between two batches')
    assert.deepEqual(await saidBy(third), await saidBy(file))
  }),
)

test('what cannot be imported is said', () =>
  withFile(async (file) => {
    const text = `text:${join(dirname(file), 'm.txt')}`
    await importInto(text, linesOf(chunksOf('a\n', 9), undefined))
    assert.throws(() => lastRecord(parseSink('sink', text)), /is known of records only, not of text:FILE/)
    assert.throws(
      () => [...messagesOf(parseSink('sink', text), undefined)],
      /bare lines are imported from standard input/,
    )
    await importInto(file, linesOf(chunksOf('a\n', 9), undefined))
    const last = lastRecord(parseSink('sink', file))
    const other = join(dirname(file), 'other.ndjson')
    await importInto(other, linesOf(chunksOf('b\n', 9), undefined))
    assert.throws(
      () => [...messagesOf(parseSink('sink', other), last)],
      /has nothing like the last record of the other one: message 1/,
    )
    const notOurs = { ...last, connection: 'ab12cd34-5' } as typeof last
    await assert.rejects(
      importInto(other, linesOf(chunksOf('b\n', 9), notOurs)),
      /the last record, 1, is not of an import of lines but of ab12cd34-5/,
    )
    appendFileSync(other, 'damage\n')
    assert.throws(
      () => [...messagesOf(parseSink('sink', other), undefined)],
      /line 2, byte \d+: damaged record, 6 bytes/,
    )
  }))

test('tined store import', () =>
  withFile(async (file) => {
    const run = (input: string, ...args: string[]): unknown => {
      const { file: program, args: command } = tined('store', 'import', ...args)
      const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...command], { input, encoding: 'utf8' })
      return [status, stdout, stderr.replaceAll(dirname(file), '')]
    }
    assert.deepEqual(run('one\ntwo\n', file, '--rotate-size', '1m'), [0, 'imported 2 messages\n', ''])
    assert.deepEqual(run('one\ntwo\nthree', file, '--resume'), [0, 'imported 1 message\n', ''])
    assert.deepEqual(run('', file, '--from', file), [
      100,
      '',
      `tined: fatal: --from: expected another store, got ${JSON.stringify('/m.ndjson')}\n`,
    ])
    writeFileSync(join(dirname(file), 'foreign'), 'not a store')
    assert.deepEqual(run('', join(dirname(file), 'foreign')), [
      111,
      '',
      'tined: fatal: /foreign: not a store of messages: it has no whole record at its end\n',
    ])
  }))
