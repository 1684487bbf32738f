/** Holds what a store has against what clients have been told. */
import { type Conversation, ownerOf } from './lines.js'
import { linesIn } from './stored-lines.js'

export interface Findings {
  records: number
  /** Were echoed and are not there. */
  lost: string[]
  /** Are there more often than they were sent. */
  twice: string[]
  /** Damaged, out of order, or sent by nobody. */
  wrong: string[]
}

/** @param owns whose line it is; undefined when nobody can have sent it */
export async function holdAgainst(
  file: string,
  conversations: readonly Conversation[],
  owns: typeof ownerOf = ownerOf,
  lines = linesIn.ndjson(file),
): Promise<Findings> {
  const findings: Findings = { records: 0, lost: [], twice: [], wrong: [] }
  const { lost, twice, wrong } = findings
  const counts = new Map(conversations.map(({ name, sent }) => [name, new Uint8Array(sent)]))
  /** The last line of each conversation so far. */
  const last = new Map<string, number>()
  for await (const { shown, seq = findings.records + 1, text } of lines) {
    findings.records++
    const what = `record ${findings.records}: ${shown.slice(0, 160)}`
    if (text === undefined) wrong.push(`damaged: ${what}`)
    else if (seq !== findings.records) wrong.push(`not in sequence: ${what}`)
    if (text === undefined) continue
    const owner = owns(text)
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
