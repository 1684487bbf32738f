/**
 * A power cut, made from a trace: the file as a disk may have it that had completed each sync that was over, and of what was written
 * since any part, in any order: its length, and each sector of 512 bytes, by itself or not at all, or full of zeros.
 */
import type { Trace } from './trace.js'

const SECTOR_BYTES = 512

export interface Cut {
  /** Number of the event before which the power was gone. */
  readonly at: number
  readonly content: Buffer
  /** Lines that had been echoed. */
  readonly echoed: readonly string[]
  readonly syncedBytes: number
  readonly unsyncedBytes: number
}

/** How much of what was not synced has got to the disk. */
const KEPT = [0, 0.2, 0.5, 0.8, 0.98, 1]

export function cutAt({ events, content }: Trace, at: number, random: () => number): Cut {
  let written = 0
  let synced = 0
  const echoed: string[] = []
  for (const event of events.slice(0, at))
    if (event.what === 'written') written += event.bytes
    else if (event.what === 'synced') synced = written
    else echoed.push(...event.lines)
  // one that was under way may have got anywhere
  const next = events[at]
  const under = next?.what === 'written' ? written + Math.floor(random() * next.bytes) : written
  // the length is told to the disk by itself: with it, or before the bytes
  const length = random() < 0.3 ? under : synced + Math.floor(random() * (under - synced + 1))
  const image = Buffer.from(content.subarray(0, length))
  const kept = KEPT[Math.floor(random() * KEPT.length)] as number
  for (let from = synced; from < length; from += SECTOR_BYTES - (from % SECTOR_BYTES)) {
    const to = Math.min(length, from + SECTOR_BYTES - (from % SECTOR_BYTES))
    if (random() >= kept) image.fill(0, from, to)
  }
  return { at, content: image, echoed, syncedBytes: synced, unsyncedBytes: length - synced }
}
