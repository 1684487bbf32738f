/**
 * A power cut, made from a trace: files as a disk may have them that had completed each sync that was over, and of what was done
 * since any part, in any order: a file's length, and each sector of 512 bytes, by itself or not at all; names in the order of the calls.
 */
import { Disk, type DiskFile, SECTOR_BYTES } from './disk.js'
import type { Event } from './trace.js'

export interface Cut {
  /** Number of the event before which the power was gone. */
  readonly at: number
  readonly files: ReadonlyMap<string, Buffer>
  /** Lines that had been echoed. */
  readonly echoed: readonly string[]
  /** Of what was written to files and not synced. */
  readonly unsyncedBytes: number
}

/** How much of what was not synced has got to the disk. */
const KEPT = [0, 0.2, 0.5, 0.8, 0.98, 1]

function imageOf(file: DiskFile, random: () => number): Buffer {
  const { content, syncedLength, unsynced } = file
  const kept = KEPT[Math.floor(random() * KEPT.length)] as number
  // the length is told to the disk by itself: with it, or before the bytes
  const grown = content.length - syncedLength
  const length = random() < 0.3 ? content.length : syncedLength + Math.trunc(random() * (grown + Math.sign(grown)))
  const image = Buffer.alloc(length)
  content.copy(image)
  for (const [sector, before] of unsynced)
    if (random() >= kept)
      before.copy(image, sector * SECTOR_BYTES, 0, Math.min(SECTOR_BYTES, Math.max(0, length - sector * SECTOR_BYTES)))
  return image
}

export function cutAt(events: readonly Event[], at: number, random: () => number): Cut {
  const disk = new Disk()
  const echoed: string[] = []
  for (const event of events.slice(0, at))
    if (event.what === 'echoed') echoed.push(...event.lines)
    else disk.apply(event)
  // one that was under way may have got anywhere
  const next = events[at]
  if (next?.what === 'written')
    disk.apply({ ...next, bytes: next.bytes.subarray(0, Math.floor(random() * next.bytes.length)) })
  const files = [...disk.namesAfterCut(random)]
  return {
    at,
    echoed,
    files: new Map(files.map(([name, file]) => [name, imageOf(file, random)])),
    unsyncedBytes: files.reduce((sum, [, { unsynced }]) => sum + unsynced.size * SECTOR_BYTES, 0),
  }
}
