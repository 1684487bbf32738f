/** Reads what a store has as docs/store.md describes it, with nothing of Tined but the way to SQLite. */
import { createReadStream, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { crc32 } from 'node:zlib'
import { engine } from '../../src/store/sqlite/engine.js'
import type { SinkName } from '../crash/sinks.js'

export interface StoredLine {
  /** For complaints. */
  readonly shown: string
  /** Undefined where there are no numbers. */
  readonly seq: number | undefined
  /** As latin1; undefined for what is damaged. */
  readonly text: string | undefined
}

interface Fields {
  seq: number
  connection: string
  n: number
  message?: string
  messageBase64?: string
  crc32: string
}

const SUFFIX = /^(.*),"crc32":"([0-9a-f]{8})"\}$/s

/** The record of a line; undefined when its checksum is another, or when it is no JSON. */
function recordOf(line: string): Fields | undefined {
  const [, before, sum] = SUFFIX.exec(line) ?? []
  if (before === undefined || sum !== crc32(Buffer.from(before, 'latin1')).toString(16).padStart(8, '0'))
    return undefined
  try {
    return JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as Fields
  } catch {
    return undefined
  }
}

const textOf = ({ message, messageBase64 = '' }: Fields): string =>
  (message === undefined ? Buffer.from(messageBase64, 'base64') : Buffer.from(message)).toString('latin1')

/** The segments, whose names sort, and the file last. */
const filesOf = (file: string): string[] => [
  ...readdirSync(dirname(file))
    .filter((name) => name.startsWith(`${basename(file)}.0`))
    .sort()
    .map((name) => join(dirname(file), name)),
  file,
]

async function* linesOf(file: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(file, 'latin1'), crlfDelay: 0 })
}

async function* records(file: string): AsyncGenerator<StoredLine> {
  for (const each of filesOf(file))
    for await (const line of linesOf(each)) {
      const record = recordOf(line)
      yield { shown: line, seq: record?.seq, text: record && textOf(record) }
    }
}

async function* bareLines(file: string): AsyncGenerator<StoredLine> {
  for await (const line of linesOf(file)) yield { shown: line, seq: undefined, text: line }
}

async function* rows(file: string): AsyncGenerator<StoredLine> {
  const connection = engine()(file, true)
  for (const row of connection.prepare('SELECT seq, message FROM messages ORDER BY seq').all()) {
    const { seq, message } = row as { seq: number; message: Uint8Array }
    const text = Buffer.from(message).toString('latin1')
    yield { shown: `${seq} ${text}`, seq, text }
  }
  connection.close()
}

export const linesIn: Record<SinkName, (file: string) => AsyncIterable<StoredLine>> = {
  ndjson: records,
  segments: records,
  text: bareLines,
  sqlite: rows,
}
