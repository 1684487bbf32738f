/** Holds a store's file against what clients have been told. Reads it as docs/store.md describes it, with nothing of Tined. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { crc32 } from 'node:zlib'
import { type Conversation, ownerOf } from './lines.js'

export interface Findings {
  records: number
  /** Were echoed and are not there. */
  lost: string[]
  /** Are there more often than they were sent. */
  twice: string[]
  /** Damaged, out of order, or sent by nobody. */
  wrong: string[]
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

/** @param owns whose line it is; undefined when nobody can have sent it */
export async function holdAgainst(
  file: string,
  conversations: readonly Conversation[],
  owns: typeof ownerOf = ownerOf,
): Promise<Findings> {
  const findings: Findings = { records: 0, lost: [], twice: [], wrong: [] }
  const { lost, twice, wrong } = findings
  const counts = new Map(conversations.map(({ name, sent }) => [name, new Uint8Array(sent)]))
  /** The last line of each conversation so far. */
  const last = new Map<string, number>()
  for await (const line of createInterface({ input: createReadStream(file, 'latin1'), crlfDelay: 0 })) {
    findings.records++
    const record = recordOf(line)
    const what = `record ${findings.records}: ${line.slice(0, 160)}`
    if (record === undefined) wrong.push(`damaged: ${what}`)
    else if (record.seq !== findings.records) wrong.push(`not in sequence: ${what}`)
    if (record === undefined) continue
    const owner = owns(textOf(record))
    const found = owner === undefined ? undefined : counts.get(owner.conversation)
    if (owner === undefined || found === undefined || owner.number >= found.length) {
      wrong.push(`sent by nobody: ${what}`)
      continue
    }
    const { conversation, number } = owner
    found[number] = (found[number] as number) + 1
    if ((found[number] as number) > 1) twice.push(`${conversation} ${number}`)
    else if (number < (last.get(conversation) ?? -1)) wrong.push(`out of order: ${what}`)
    last.set(conversation, number)
  }
  for (const { name, echoed } of conversations)
    for (let number = 0; number < echoed; number++) if (counts.get(name)?.[number] === 0) lost.push(`${name} ${number}`)
  return findings
}
