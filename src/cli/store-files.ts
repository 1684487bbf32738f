/** `tined store verify` and `tined store export`: what is in a store's file, checked, and as it was sent. */
import { isatty } from 'node:tty'
import type { Command } from 'commander'
import type { Framing } from '../store/framing/framing.js'
import { FRAMINGS, parseFraming } from '../store/framing/parse-framing.js'
import { read } from '../store/reading/read.js'
import type { StoredMessage } from '../store/reading/stored-message.js'
import { type Verified, verify } from '../store/reading/verify.js'
import { parseSink, SINKS } from '../store/sink.js'
import { EXIT } from '../supervisor/exit-status.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'
import { readTime } from './message-time.js'
import { flush, print, printBytes, tell } from './output.js'

const SINK = `as given to --to: ${SINKS.join(' or ')}`

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
  framing: string
}

function write({ message, at, ...more }: StoredMessage, json: boolean, { frame }: Framing): void {
  if (json) print(`${JSON.stringify({ ...more, at: at?.toISOString(), messageBase64: message.toString('base64') })}\n`)
  else printBytes(frame(message))
}

async function exportFile(sinkText: string, { since, after, json, framing: named }: ExportFlags): Promise<void> {
  try {
    if (json !== true && isatty(1))
      throw new TypeError(
        'store export: standard output is a terminal, and messages may have bytes that act on it: use tined messages, or > FILE',
      )
    const framing = parseFraming('--framing', named)
    let faults = 0
    let cutUp = 0
    let offset = after
    const damaged = (words: string): void => {
      faults++
      tell(`tined: ${sinkText}: ${words}\n`)
    }
    for await (const stored of read(sinkText, { since: readTime('--since', since), after, damaged })) {
      write(stored, json === true, framing)
      if (json !== true && framing.delimiter !== undefined && stored.message.includes(framing.delimiter)) cutUp++
      ;({ offset } = stored)
    }
    flush()
    if (cutUp > 0)
      tell(
        `tined: ${sinkText}: ${count(cutUp, 'message')} with what ends a message inside: --framing length keeps them apart\n`,
      )
    if (offset !== undefined) tell(`next: --after ${offset}\n`)
    if (faults > 0) process.exitCode = EXIT.system
  } catch (error) {
    fail(error)
  }
}

/** @param store the command that serves, to which these belong */
export function addStoreFiles(store: Command): void {
  // as in main.ts
  store.enablePositionalOptions()
  const verifying = store
    .command('verify')
    .description('check each record of a file: checksums, numbers, the order of each connection')
    .argument('<sink>', SINK)
    .option('--json', 'what was found, as JSON')
    .action(verifyFile)
  addExamples(verifying, 'store verify')
  const exporting = store
    .command('export')
    .description(
      'print the messages as they were sent, each with a newline or as --framing says; what damage there is on standard error',
    )
    .argument('<sink>', SINK)
    .option('--since <time>', 'only since then: 2026-01-31T12:00:00Z, or 10m ago')
    .option('--after <offset>', 'only what came after: what an earlier export said at its end')
    .option('--framing <how>', `how they are kept apart: ${FRAMINGS.join(', ')}`, 'line')
    .option('--json', 'with what the records say; the bytes as messageBase64')
    .action(exportFile)
  addExamples(exporting, 'store export')
}
