/**
 * Puts V8's heap in one place, so that forking it costs less.
 *
 * V8 asks for each 256 KB page at a random address of 46 bits. Every page so lies in a part of the address space of its
 * own, with up to three page-table pages to itself, and fork(2) and exit(2) make and free them all. Where the hint is
 * taken, the kernel places the page next to the last one. So the free address space is reserved for a moment, which
 * costs nothing, and V8 is made to move its objects meanwhile. Only speed depends on it. Measured in docs/design.md.
 */
import { readFileSync } from 'node:fs'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { collectAllByCounting, collectAllThereIs, collectGarbage } from '../engine/v8-flags.js'
import { MAP_ANONYMOUS, MAP_FIXED_NOREPLACE, MAP_NORESERVE, MAP_PRIVATE, PROT_NONE } from '../libc/constants.js'
import { mmapAt, munmap } from '../libc/memory.js'
import { uses } from './switches.js'

/** What V8's hints reach: 46 bits. */
const LOWEST = 0x1000_0000_0000n >> 8n
const HIGHEST = 0x4000_0000_0000n
/** Each collection moves every second page. */
const ROUNDS = 6

/** The space for new objects is not moved, and a program that starts with much has it grow to 256 pages. V8 can be asked to give it back, since then in passing. */
const NEW_SPACE_SINCE = 22
const givesBackNewSpace = (): boolean => Number(process.versions.node.split('.')[0]) >= NEW_SPACE_SINCE

interface Range {
  start: bigint
  length: bigint
}

function freeRanges(): Range[] {
  const ranges: Range[] = []
  let at = LOWEST
  for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
    const match = /^([0-9a-f]+)-([0-9a-f]+)/.exec(line)
    const start = match === null ? HIGHEST : BigInt(`0x${match[1]}`)
    const end = match === null ? HIGHEST : BigInt(`0x${match[2]}`)
    if (start > at) ranges.push({ start: at, length: (start < HIGHEST ? start : HIGHEST) - at })
    if (end > at) at = end
    if (at >= HIGHEST) break
  }
  return ranges
}

/** It takes some 15 ms for each MB of objects, at the start of a server. */
const WORTH_IT_BYTES = 128 * 1024 * 1024

/** Has V8 give it back where that must be done before anything is compiled, which would be lost. */
export function giveBackNewSpace(): void {
  if (!uses('compact-heap') || givesBackNewSpace()) return
  if (getHeapStatistics().used_heap_size <= WORTH_IT_BYTES) collectAllByCounting()
}

export function compactHeap(): void {
  if (!uses('compact-heap')) return
  const reserved = freeRanges().filter(
    ({ start, length }) =>
      mmapAt(start, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE) === start,
  )
  try {
    setFlagsFromString('--stress-compaction')
    setFlagsFromString('--compact-on-every-full-gc')
    if (givesBackNewSpace()) collectAllThereIs()
    for (let round = 0; round < ROUNDS; round++) collectGarbage()
  } finally {
    setFlagsFromString('--no-stress-compaction')
    setFlagsFromString('--no-compact-on-every-full-gc')
    for (const { start, length } of reserved) munmap(start, length)
  }
}
