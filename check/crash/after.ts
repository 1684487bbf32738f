/** What a store makes of its files after a power cut: put in order as at a start, and held against what clients were told. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verify } from '../../src/store/reading/verify.js'
import { parseSink, type SinkAddress } from '../../src/store/sinks/parse.js'
import type { Cut } from './power-cut.js'
import type { TriedSink } from './sinks.js'

export interface Found {
  lost: number
  twice: number
  /** Records that are damaged or out of order after it was put in order, and what failed; in words. */
  torn: string[]
  /** It had to be put in order. */
  mended: boolean
}

const silently = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, debugs: false }

/** As the process does that will write. Returns whether there was anything to do. */
function putInOrder({ kind, place }: SinkAddress): boolean {
  const sink = kind.open(place, { durability: 'disk', spoolBytes: 0, forks: false, log: silently })
  try {
    return sink.openForWriting().resume(undefined).notes.length > 0
  } finally {
    sink.close()
  }
}

function messagesOf({ kind, place }: SinkAddress): string[] {
  const reader = kind.read(place, { changed: () => {} })
  const messages: string[] = []
  for (const { bytes } of reader.read()) {
    const message = kind.format.decode === undefined ? bytes : kind.format.decode(bytes)?.message
    if (message !== undefined) messages.push(message.toString('latin1'))
  }
  reader.close()
  return messages
}

export function lookAfter(cut: Cut, folder: string, sink: TriedSink): Found {
  const found: Found = { lost: 0, twice: 0, torn: [], mended: false }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const [name, content] of cut.files) writeFileSync(join(folder, name), content)
  const address = parseSink('sink', sink.to(join(folder, 'm')))
  try {
    found.mended = putInOrder(address)
    verify(address, (words) => found.torn.push(words))
    const counts = new Map<string, number>()
    for (const message of messagesOf(address)) {
      const id = /^(k\d+ \d+) x*$/.exec(message)?.[1]
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1)
      // bare lines have no checksum: what lay behind the synced ones may be zeros
      else if (address.kind.format.decode !== undefined)
        found.torn.push(`nobody has sent ${JSON.stringify(message.slice(0, 60))}`)
    }
    for (const id of cut.echoed) if (!counts.has(id)) found.lost++
    for (const count of counts.values()) if (count > 1) found.twice++
  } catch (error) {
    found.torn.push(`it is not put in order: ${(error as Error).message}`)
  }
  return found
}
