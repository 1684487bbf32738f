/** `tined store import`: lines, or what another store has, into a sink. */
import { resolve } from 'node:path'
import { isatty } from 'node:tty'
import type { Command } from 'commander'
import { segmentOptions } from '../services/segment-options.js'
import { checkStoreOptions, type StoreOptions } from '../services/store-options.js'
import { Importer } from '../store/importing/importer.js'
import { lastRecord, linesOf, messagesOf } from '../store/importing/sources.js'
import { either, parseSink, SINKS } from '../store/sinks/parse.js'
import type { Log } from '../supervisor/log.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'
import { flush, print, tell } from './output.js'
import { addOptions, typedOptions } from './typed-options.js'

interface ImportFlags {
  from?: string
  resume?: true
}

const sayAll = (_fields: Record<string, unknown>, message: string): void => tell(`tined: ${message}\n`)
const log: Log = { error: sayAll, warn: sayAll, info: () => {}, debug: () => {}, debugs: false }

const inWords = (count: number): string => `${count.toLocaleString('en')} message${count === 1 ? '' : 's'}`

async function importMessages(command: Command, sinkText: string, { from, resume }: ImportFlags): Promise<void> {
  let importer: Importer | undefined
  try {
    if (from === undefined && isatty(0))
      throw new TypeError(
        'store import: standard input is a terminal: give lines, < FILE, or another store, --from SINK',
      )
    const { values, nameOf } = typedOptions(command, segmentOptions)
    const checked = checkStoreOptions({ ...values, to: sinkText } as StoreOptions, (name) =>
      name === 'to' ? 'SINK' : nameOf(name),
    )
    const source = from === undefined ? undefined : parseSink('--from', from)
    if (source !== undefined && resolve(source.place) === resolve(checked.to.place))
      throw new TypeError(`--from: expected another store, got ${JSON.stringify(from)}`)
    const sink = checked.to.kind.open(checked.to.place, { ...checked, durability: 'disk', forks: false, log })
    importer = new Importer(sink, (level, message) => log[level]({}, message))
    const last = resume ? lastRecord(checked.to) : undefined
    const messages = source === undefined ? linesOf(process.stdin, last) : messagesOf(source, last)
    for await (const { origin, message, fields } of messages) importer.add(origin, message, fields)
    importer.flush()
    sink.close()
    print(`imported ${inWords(importer.imported)}\n`)
    flush()
  } catch (error) {
    if (importer !== undefined) tell(`tined: imported ${inWords(importer.imported)}; --resume goes on behind them\n`)
    fail(error)
  }
}

/** @param store the command that serves, to which this belongs */
export function addStoreImport(store: Command): void {
  const command = store
    .command('import')
    .description('add lines of standard input, or what another store has; on disk when it ends')
    .argument('<sink>', `as given to --to: ${either(SINKS)}`)
    .option('--from <sink>', 'another store, instead of standard input: its records, numbered anew')
    .option('--resume', 'go on where an import of the same was interrupted')
  addExamples(addOptions(command, segmentOptions), 'store import').action((sink: string, flags: ImportFlags) =>
    importMessages(command, sink, flags),
  )
}
