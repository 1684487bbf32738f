/** A store under test: the server, its file, its writer. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Model } from '../../src/server/options.js'
import { decodeRecord, type MessageRecord } from '../../src/store/file/record.js'
import { converse } from './client.js'
import { withFolder } from './folder.js'
import { childrenOf, titleOf } from './proc.js'
import { tined } from './program.js'
import { type TestServer, withServer } from './server.js'
import { until } from './until.js'

export const MODELS = ['single', 'fork'] as const

const FILES = { ndjson: 'messages.ndjson', text: 'messages.txt', sqlite: 'messages.db' } as const

export interface StoreLaunch {
  model?: Model
  format?: keyof typeof FILES
  args?: readonly string[]
  /** Put before the Node command. */
  under?: readonly string[]
  /** @default a fresh one, removed at the end */
  folder?: string
}

export interface TestStore {
  server: TestServer
  file: string
  folder: string
}

/** Starts a store on a port of the kernel's choice, and stops it with SIGINT unless the test did. */
export async function withStore(launch: StoreLaunch, test: (store: TestStore) => Promise<void>): Promise<void> {
  const { folder } = launch
  if (folder === undefined) {
    await withFolder((fresh) => withStore({ ...launch, folder: fresh }, test))
    return
  }
  const { model = 'fork', format = 'ndjson', args = [], under } = launch
  const file = join(folder, FILES[format])
  const command = tined(
    'store',
    ...['--model', model, '--to', format === 'ndjson' ? file : `${format}:${file}`],
    ...['--listen', '127.0.0.1:0', '--log', 'json', '--log-level', 'debug'],
    ...args,
  )
  await withServer({ ...command, ...(under === undefined ? {} : { under }) }, (server) =>
    test({ server, file, folder }),
  )
}

/** A file with these messages, each from a connection of its own; the server has ended. */
export async function stored(folder: string, ...texts: (string | Uint8Array)[]): Promise<string> {
  let file = ''
  await withStore({ folder }, async (store) => {
    file = store.file
    for (const text of texts) await converse(store.server.address, text)
  })
  return file
}

/** The records of a file; fails when one is damaged or a sequence number is missing. */
export function recordsOf(file: string): MessageRecord[] {
  const lines = linesOf(file)
  return lines.map((line, index) => {
    const record = decodeRecord(line)
    assert.ok(record !== undefined, `record ${index + 1} of ${file} is whole: ${line.subarray(0, 200)}`)
    assert.equal(record.seq, index + 1)
    return record
  })
}

/** The lines of a file, without their newlines; fails when the last one lacks it. */
export function linesOf(file: string): Buffer[] {
  const bytes = readFileSync(file)
  const lines: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, at))
    from = at + 1
  }
  assert.equal(from, bytes.length, `${file} ends with a newline`)
  return lines
}

/** The messages of a file in either format. */
export const messagesOf = (file: string): Buffer[] =>
  file.endsWith('.txt') ? linesOf(file) : recordsOf(file).map(({ message }) => message)

/** The same of a file that others came before: its first number is not 1. */
export const bodiesOf = (file: string): Buffer[] =>
  file.endsWith('.txt') ? linesOf(file) : linesOf(file).map((line) => decodeRecord(line)?.message as Buffer)

export const writerOf = (server: TestServer): number | undefined =>
  childrenOf(server.supervisor).find((pid) => titleOf(pid) === 'tined: writer')

/** Kills the writer with SIGKILL, and waits until the next one is at work. */
export async function killWriter(server: TestServer): Promise<void> {
  const victim = await until('a writer', () => writerOf(server))
  process.kill(victim, 'SIGKILL')
  await until('another writer', () => {
    const writer = writerOf(server)
    return writer !== undefined && writer !== victim
  })
}

/** Connection processes, without the writer. */
export const connectionsOf = (server: TestServer): number[] =>
  childrenOf(server.supervisor).filter((pid) => titleOf(pid).startsWith('tined: connection'))
