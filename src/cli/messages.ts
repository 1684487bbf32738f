/** `tined messages` */
import type { Command } from 'commander'
import { wholeNumber } from '../server/options/numbers.js'
import type { Line } from '../store/file/reader.js'
import { FileChanges } from '../store/reading/changes.js'
import { CHANGES } from '../store/reading/log-reader.js'
import { either, parseSink, SINKS, type SinkAddress } from '../store/sinks/parse.js'
import { EXIT } from '../supervisor/exit-status.js'
import { Damage } from './damage.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'
import { LastTexts } from './last-texts.js'
import type { MessageFilter } from './message-lines.js'
import { readTime } from './message-time.js'
import { flush, print, tell } from './output.js'
import { whenUnread } from './unread.js'

interface MessagesFlags {
  json?: true
  peer?: string
  since?: string
  follow?: true
  lines?: string
}

const MOST_LINES = 1_000_000

/** Prints a line of the file; returns false when it is damaged. */
type Print = (line: Line) => boolean

async function printer(sink: SinkAddress, flags: MessagesFlags, out: (text: string) => void): Promise<Print> {
  const { recordPrinter, textPrinter } = await import('./message-lines.js')
  const filter: MessageFilter = { peer: flags.peer, since: readTime('--since', flags.since)?.toISOString() }
  const json = flags.json === true
  const { decode } = sink.kind.format
  if (decode !== undefined) return recordPrinter(decode, filter, json, out)
  if (flags.peer !== undefined || flags.since !== undefined)
    throw new TypeError(`--peer, --since: only of records, and a ${sink.scheme} file has none`)
  return textPrinter(json, out)
}

async function messages(sinkText: string, flags: MessagesFlags): Promise<void> {
  try {
    const sink = parseSink('SINK', sinkText)
    const last =
      flags.lines === undefined ? undefined : new LastTexts(wholeNumber(0, MOST_LINES).read('-n', flags.lines))
    let out = last === undefined ? print : (text: string): void => last.add(text)
    const show = await printer(sink, flags, (text) => out(text))
    const complain = (text: string): void => {
      flush() // in the order of the file
      tell(`tined: ${sink.place}: ${text}\n`)
    }
    const damage = new Damage(sink.place, sink.kind.format, complain)
    // which are the last ones of a peer is known only when all were looked at
    const wish = { since: readTime('--since', flags.since), last: flags.peer === undefined ? last?.most : undefined }
    const log = sink.kind.read(sink.place, { ...wish, changed: (change) => complain(CHANGES[change]) })
    const readOn = (): void => {
      for (const line of log.read())
        if (show(line)) damage.whole()
        else damage.damaged(line)
      damage.end(log.beginning())
      flush()
    }
    readOn()
    last?.take(print)
    out = print
    flush()
    if (flags.follow) follow(sink.place, readOn)
    else if (damage.count > 0) {
      complain(`${damage.count} damaged ${damage.count === 1 ? 'record' : 'records'}`)
      process.exitCode = EXIT.system
    }
  } catch (error) {
    fail(error)
  }
}

/** Reads on whenever the file may have changed, until interrupted, or until nobody reads what is printed. */
function follow(path: string, readOn: () => void): void {
  const changes = new FileChanges(path, () => {
    try {
      readOn()
    } catch (error) {
      fail(error)
    }
  })
  whenUnread(1, () => {
    changes.close()
    process.exit(EXIT.ok)
  })
}

export function addMessages(program: Command): void {
  const command = program
    .command('messages')
    .description('show what a store has, and check it')
    .argument('<sink>', `as given to --to: ${either(SINKS)}`)
    .option('--json', 'the records as they are')
    .option('--peer <text>', 'only from peers whose address has this text')
    .option('--since <time>', 'only since then: 2026-01-31T12:00:00Z, or 10m ago')
    .option('-n, --lines <count>', 'only the last so many')
    .option('--follow', 'go on with what comes, also when the file is moved away and begun anew')
    .action(messages)
  addExamples(command, 'messages')
}
