/** `tined messages` */
import { type FSWatcher, watch } from 'node:fs'
import type { Command } from 'commander'
import { duration } from '../server/options/numbers.js'
import type { Format } from '../store/file/format.js'
import { formats } from '../store/file/formats/index.js'
import { type Line, StoreReader } from '../store/file/reader.js'
import { parseSink, SINKS, type SinkAddress } from '../store/sink.js'
import { EXIT } from '../supervisor/exit-status.js'
import { Damage } from './damage.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'
import { type MessageFilter, recordPrinter, textPrinter } from './message-lines.js'
import { flush, print, tell } from './output.js'

interface MessagesFlags {
  json?: true
  peer?: string
  since?: string
  follow?: true
}

/** File systems that do not tell of changes are asked this often. */
const ASK_MS = 500

/** `2026-01-31`, `2026-01-31T12:00:00Z`, or how long ago: `10m`. */
function since(text: string | undefined, now = Date.now()): string | undefined {
  if (text === undefined) return undefined
  const at = /^\d{4}-/.test(text) ? new Date(text) : new Date(now - duration().read('--since', text))
  if (Number.isNaN(at.getTime()))
    throw new TypeError(`--since: expected a time like 2026-01-31T12:00:00Z or 10m, got ${JSON.stringify(text)}`)
  return at.toISOString()
}

/** Prints a line of the file; returns false when it is damaged. */
type Print = (line: Line) => boolean

function printer(sink: SinkAddress, flags: MessagesFlags, out: (text: string) => void): Print {
  const filter: MessageFilter = { peer: flags.peer, since: since(flags.since) }
  const json = flags.json === true
  const { decode }: Format = formats[sink.format]
  if (decode !== undefined) return recordPrinter(decode, filter, json, out)
  if (flags.peer !== undefined || flags.since !== undefined)
    throw new TypeError(`--peer, --since: only of records, and a ${sink.format} file has none`)
  return textPrinter(json, out)
}

function messages(sinkText: string, flags: MessagesFlags): void {
  try {
    const sink = parseSink('SINK', sinkText)
    const show = printer(sink, flags, print)
    const reader = new StoreReader(sink.path)
    const complain = (text: string): void => tell(`tined: ${sink.path}: ${text}\n`)
    const damage = new Damage(sink.path, formats[sink.format], (text) => {
      flush() // in the order of the file
      complain(text)
    })
    const readOn = (): void => {
      for (const line of reader.read())
        if (show(line)) damage.whole()
        else damage.damaged(line)
      damage.end(reader.beginning())
      flush()
      if (reader.truncated) complain('the file was cut; going on from its new end')
    }
    readOn()
    if (flags.follow) follow(sink.path, readOn)
    else if (damage.count > 0) {
      complain(`${damage.count} damaged ${damage.count === 1 ? 'record' : 'records'}`)
      process.exitCode = EXIT.system
    }
  } catch (error) {
    fail(error)
  }
}

/** Reads on whenever the file has changed, until interrupted. */
function follow(path: string, readOn: () => void): void {
  const attempt = (): void => {
    try {
      readOn()
    } catch (error) {
      fail(error)
    }
  }
  setInterval(attempt, ASK_MS)
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(path, attempt)
    watcher.on('error', () => watcher?.close())
  } catch {
    // no inotify left: asking will do
  }
}

export function addMessages(program: Command): void {
  const command = program
    .command('messages')
    .description('show what a store has, and check it')
    .argument('<sink>', `as given to --to: ${SINKS.join(' or ')}`)
    .option('--json', 'the records as they are')
    .option('--peer <text>', 'only from peers whose address has this text')
    .option('--since <time>', 'only since then: 2026-01-31T12:00:00Z, or 10m ago')
    .option('--follow', 'go on with what comes')
    .action(messages)
  addExamples(command, 'messages')
}
