/** How a log in segments is read: from where what is wanted begins, and on. */
import assert from 'node:assert/strict'
import { appendFileSync, truncateSync } from 'node:fs'
import { test } from 'node:test'
import { ndjson } from '../../../src/store/file/formats/ndjson.js'
import { read } from '../../../src/store/reading/read.js'
import { segmentsOf } from '../../../src/store/segments/segment-name.js'
import { parseSink } from '../../../src/store/sinks/parse.js'
import { numbers, record, SegmentedLog, timeOf, withFile } from './segmented-log.js'

test('only what may have something of what is wanted is read', () =>
  withFile(async (file) => {
    const log = new SegmentedLog(file, { rotateBytes: 2 * record(1).length })
    log.add(7)
    const segments = segmentsOf(file)
    const [first, second] = segments.map((segment) => segment.path)
    // whoever reads these has found damage
    appendFileSync(first as string, 'damage\n')
    appendFileSync(second as string, 'damage\n')
    await assert.rejects(numbers(file), new RegExp(`${first}, line 3, byte \\d+: damaged record, 6 bytes`))
    assert.deepEqual(await numbers(file, { since: new Date(timeOf(6)) }), [6, 7])
    assert.deepEqual(await numbers(file, { since: new Date(timeOf(7)) }), [7])
    const read = (last: number): number[] => {
      const { kind, place } = parseSink('sink', file)
      const reader = kind.read(place, { last, changed: assert.fail })
      const found = [...reader.read()].map(({ bytes }) => ndjson.seqOf(bytes))
      reader.close()
      return found
    }
    assert.deepEqual([read(1), read(2), read(3)], [[7], [5, 6, 7], [5, 6, 7]])
    truncateSync(file)
    assert.deepEqual(read(1), [5, 6], 'the file itself has nothing')
    log.close()
  }))

test('follows from one to the next', () =>
  withFile(async (file) => {
    const log = new SegmentedLog(file, { rotateBytes: 2 * record(1).length })
    log.add(1)
    const found: (number | undefined)[] = []
    const words: string[] = []
    for await (const { sequence } of read(file, { follow: true, damaged: (what) => words.push(what) })) {
      found.push(sequence)
      if (sequence === 9) break
      log.add(sequence === 4 ? 3 : 1)
    }
    assert.deepEqual([found, words], [[1, 2, 3, 4, 5, 6, 7, 8, 9], []])
    log.close()
  }))
