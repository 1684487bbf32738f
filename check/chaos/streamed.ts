/** Holds a stream against what clients have been told. */
import { streamed } from '../../test/harness/nats.js'
import { type Conversation, ownerOf } from './lines.js'
import type { Findings } from './stored.js'

export async function holdStreamAgainst(server: string, conversations: readonly Conversation[]): Promise<Findings> {
  const found: Findings = { records: 0, lost: [], twice: [], wrong: [] }
  const counts = new Map(conversations.map(({ name, sent }) => [name, new Uint8Array(sent)]))
  for (const { message, sequence } of await streamed(server, 'messages')) {
    found.records++
    const owner = ownerOf(message.toString('latin1'))
    const lines = owner && counts.get(owner.conversation)
    if (owner === undefined || lines === undefined || owner.number >= lines.length)
      found.wrong.push(`sent by nobody: number ${sequence}, ${message.toString('latin1', 0, 160)}`)
    else {
      const times = (lines[owner.number] as number) + 1
      lines[owner.number] = times
      if (times > 1) found.twice.push(`${owner.conversation} ${owner.number}`)
    }
  }
  for (const { name, echoed } of conversations)
    for (let number = 0; number < echoed; number++)
      if (counts.get(name)?.[number] === 0) found.lost.push(`${name} ${number}`)
  return found
}
