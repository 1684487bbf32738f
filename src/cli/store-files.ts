/** `tined store verify` and `tined store export`: what is in a store's file, checked, and as it was sent. */
import { isatty } from 'node:tty'
import type { Command } from 'commander'
import { read } from '../store/reading/read.js'
import type { StoredMessage } from '../store/reading/stored-message.js'
import { type Verified, verify } from '../store/reading/verify.js'
import { either, parseSink, SINKS } from '../store/sinks/parse.js'
import { EXIT } from '../supervisor/exit-status.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'
import { readTime } from './message-time.js'
import { flush, print, printBytes, tell } from './output.js'

const SINK = `as given to --to: ${either(SINKS)}`

const count = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`

function inWords({ messages, bytes, first, last, connections, incompleteBytes, faults }: Verified): string {
  const lines = [`${count(messages, 'message')}, ${count(bytes, 'byte')}`]
  if (first !== undefined && last !== undefined) {
    lines.push(`numbers ${first.sequence} to ${last.sequence}, of ${count(connections, 'connection')}`)
    lines.push(`stored from ${first.time} to ${last.time}`)
  }
  if (incompleteBytes > 0)
    lines.push(`${count(incompleteBytes, 'byte')} after the last newline: a server is writing, or was cut off`)
  lines.push(faults === 0 ? 'nothing is wrong' : `${count(faults, 'fault')}, see above`)
  return `${lines.join('\n')}\n`
}

function verifyFile(sinkText: string, { json }: { json?: true }): void {
  try {
    const found = verify(parseSink('SINK', sinkText), (words) => tell(`tined: ${sinkText}: ${words}\n`))
    print(json === true ? `${JSON.stringify(found)}\n` : inWords(found))
    flush()
    if (found.faults > 0) process.exitCode = EXIT.system
  } catch (error) {
    fail(error)
  }
}

interface ExportFlags {
  since?: string
  after?: string
  json?: true
}

const NEWLINE = Buffer.from('\n')

function write({ message, at, ...more }: StoredMessage, json: boolean): void {
  if (json) print(`${JSON.stringify({ ...more, at: at?.toISOString(), messageBase64: message.toString('base64') })}\n`)
  else printBytes(message, NEWLINE)
}

async function exportFile(sinkText: string, { since, after, json }: ExportFlags): Promise<void> {
  try {
    if (json !== true && isatty(1))
      throw new TypeError(
        'store export: standard output is a terminal, and messages may have bytes that act on it: use tined messages, or > FILE',
      )
    let faults = 0
    let offset = after
    const damaged = (words: string): void => {
      faults++
      tell(`tined: ${sinkText}: ${words}\n`)
    }
    for await (const stored of read(sinkText, { since: readTime('--since', since), after, damaged })) {
      write(stored, json === true)
      ;({ offset } = stored)
    }
    flush()
    if (offset !== undefined) tell(`next: --after ${offset}\n`)
    if (faults > 0) process.exitCode = EXIT.system
  } catch (error) {
    fail(error)
  }
}

/** @param store the command that serves, to which these belong */
export function addStoreFiles(store: Command): void {
  const verifying = store
    .command('verify')
    .description('check each record of a file: checksums, numbers, the order of each connection')
    .argument('<sink>', SINK)
    .option('--json', 'what was found, as JSON')
    .action(verifyFile)
  addExamples(verifying, 'store verify')
  const exporting = store
    .command('export')
    .description('print the messages as they were sent, each with a newline; what damage there is on standard error')
    .argument('<sink>', SINK)
    .option('--since <time>', 'only since then: 2026-01-31T12:00:00Z, or 10m ago')
    .option('--after <offset>', 'only what came after: what an earlier export said at its end')
    .option('--json', 'with what the records say; the bytes as messageBase64')
    .action(exportFile)
  addExamples(exporting, 'store export')
}
