/**
 * Freezes the supervisor's memory, so that forking it costs less.
 *
 * fork(2) copies the page tables of every private mapping that was ever written, page by page, and exit(2) undoes it:
 * for a Node heap that is most of what a connection costs. A private mapping of a file that was not written since is
 * skipped: the child faults in the few pages it uses. So the heap is moved into a memory file, mapped privately in its
 * place. Only speed depends on it; where it is not possible nothing changes. Measured in docs/design.md.
 */
import { readFileSync } from 'node:fs'
import { collectGarbage, finishSweeping } from '../engine/v8-flags.js'
import { argumentsAddress } from '../libc/arguments.js'
import { PROT_EXEC, PROT_READ, PROT_WRITE } from '../libc/constants.js'
import { close, ftruncate } from '../libc/fd.js'
import { malloc_trim, memfd_create } from '../libc/memory.js'
import { takeFreeChunks } from './fresh-chunks.js'
import { moveIntoFile, workshopAddress } from './remap.js'
import { uses } from './switches.js'

interface Region {
  start: bigint
  length: number
  protection: number
  /** Whether what was never touched has its memory all the same. */
  ofFile: boolean
}

/** Of no file: a larger mapping may be mostly untouched (the stack of an ended thread, a reservation), and a copy would fill it. */
const LARGE_BYTES = 4 * 1024 * 1024
/** Unless so much of it was written to, as to the malloc arena of such a thread. malloc(3) */
const WORTH_FILLING = 1 / 4
/** Of a file, frozen before for example: to copy 32 MB takes some 25 ms. */
const LARGE_BYTES_OF_FILE = 32 * 1024 * 1024
/** For that, so much of a larger one has to be written to. */
const WORTH_COPYING = 1 / 64
const LARGEST_BYTES = 64 * 1024 * 1024

const isWorthIt = ({ length, ofFile }: Region, written: number): boolean =>
  written > 0 &&
  (length <= (ofFile ? LARGE_BYTES_OF_FILE : LARGE_BYTES) ||
    written >= length * (ofFile ? WORTH_COPYING : WORTH_FILLING))

const kilobytes = (line: string): number => 1024 * Number(/\d+/.exec(line)?.[0])

/** Private, and written to: what fork would copy. proc_pid_smaps(5) */
function writtenRegions(): Region[] {
  const regions: Region[] = []
  const apart = [workshopAddress() ?? 0n, argumentsAddress()]
  let current: Region | undefined
  let written = 0
  for (const line of readFileSync('/proc/self/smaps', 'latin1').split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+\s*(.*)$/.exec(line)
    if (head !== null) {
      current = region(head[1] as string, head[2] as string, head[3] as string, head[4] as string)
      const isIn = (address: bigint): boolean =>
        current !== undefined && current.start <= address && address < current.start + BigInt(current.length)
      if (apart.some(isIn)) current = undefined
    } else if (current !== undefined && line.startsWith('Anonymous:')) {
      written = kilobytes(line)
    } else if (current !== undefined && line.startsWith('AnonHugePages:')) {
      // code in huge pages is a single entry to copy for each of them
      if (kilobytes(line) < current.length && isWorthIt(current, written)) regions.push(current)
      current = undefined
    }
  }
  return regions
}

function region(first: string, end: string, flags: string, name: string): Region | undefined {
  const start = BigInt(`0x${first}`)
  const length = Number(BigInt(`0x${end}`) - start)
  const isCode = flags[2] === 'x'
  const most = isCode ? LARGE_BYTES : name === '[heap]' ? length : LARGEST_BYTES
  // the stack is in use by the very call that would replace it
  if (flags[0] !== 'r' || flags[3] !== 'p' || length > most || /^\[(stack|v)/.test(name)) return undefined
  return {
    start,
    length,
    protection: PROT_READ | (flags[1] === 'w' ? PROT_WRITE : 0) | (isCode ? PROT_EXEC : 0),
    ofFile: name !== '',
  }
}

/** A memory file is a file to RLIMIT_FSIZE too. */
function fits(file: number, bytes: number): boolean {
  try {
    ftruncate(file, bytes)
    return true
  } catch {
    return false
  }
}

/**
 * Freezes what can be frozen. Only in a process with one thread, signals blocked.
 *
 * @param collecting whether garbage is collected first, which writes to all of V8's heap, so that all of it is moved again
 * @returns the bytes moved
 */
export function freezeMemory(collecting: boolean): number {
  if (!uses('freeze') || workshopAddress() === undefined) return 0
  if (collecting) {
    collectGarbage()
    finishSweeping()
  }
  malloc_trim()
  takeFreeChunks()
  const regions = writtenRegions()
  const total = regions.reduce((sum, { length }) => sum + length, 0)
  const file = memfd_create('tined-frozen')
  try {
    if (!fits(file, total)) return 0
    let offset = 0
    for (const { start, length, protection } of regions) {
      moveIntoFile(start, length, protection, file, offset)
      offset += length
    }
    return total
  } finally {
    close(file)
  }
}
