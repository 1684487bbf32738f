/** What a store makes of a file after a power cut: put in order as at a start, and held against what clients were told. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type FormatName, formats } from '../../src/store/file/formats/index.js'
import { recover } from '../../src/store/file/recovery.js'
import { openStoreFile } from '../../src/store/file/store-file.js'
import { verify } from '../../src/store/reading/verify.js'
import { sinks } from '../../src/store/sinks/index.js'
import type { Cut } from './power-cut.js'

export interface Found {
  lost: number
  twice: number
  /** Records that are damaged or out of order after it was put in order, and what failed; in words. */
  torn: string[]
  /** It had to be put in order. */
  mended: boolean
}

function messagesOf(path: string, format: FormatName): string[] {
  const lines = readFileSync(path, 'latin1').split('\n').slice(0, -1)
  if (format === 'text') return lines
  return lines.map((line) => (JSON.parse(line) as { message?: string }).message ?? '')
}

function clear(path: string): void {
  for (const name of readdirSync(dirname(path))) if (name.startsWith(basename(path))) rmSync(join(dirname(path), name))
}

export function lookAfter(cut: Cut, path: string, format: FormatName): Found {
  const found: Found = { lost: 0, twice: 0, torn: [], mended: false }
  clear(path)
  writeFileSync(path, cut.content)
  try {
    const file = openStoreFile(path)
    try {
      found.mended = recover(file, formats[format]).note !== undefined
    } finally {
      file.close()
    }
    verify({ scheme: format, kind: sinks[format], place: path }, (words) => found.torn.push(words))
    const counts = new Map<string, number>()
    for (const message of messagesOf(path, format)) {
      const id = /^(k\d+ \d+) x*$/.exec(message)?.[1]
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1)
      // bare lines have no checksum: what lay behind the synced ones may be zeros
      else if (format !== 'text') found.torn.push(`nobody has sent ${JSON.stringify(message.slice(0, 60))}`)
    }
    for (const id of cut.echoed) if (!counts.has(id)) found.lost++
    for (const count of counts.values()) if (count > 1) found.twice++
  } catch (error) {
    found.torn.push(`it is not put in order: ${(error as Error).message}`)
  }
  return found
}
