/**
 * Puts the code of the node binary into huge pages, so that a forked process finds it mapped.
 *
 * Every child would fault in some eighty pieces of it, one by one. The code is copied into anonymous memory that the
 * kernel backs with 2 MB pages, and that memory is moved over the original: one mremap(2), which changes no byte, so it
 * does not matter that the caller's own code is among it. Node's `--use-largepages` does the same, at start and for
 * every Node. Only speed depends on it. Measured in docs/design.md.
 */
import { readFileSync } from 'node:fs'
import {
  MADV_HUGEPAGE,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
} from '../libc/constants.js'
import { memoryAt } from '../libc/ffi.js'
import { madvise, mmap, mprotect, mremap, munmap } from '../libc/memory.js'
import { PosixError } from '../libc/posix-error.js'
import { uses } from './switches.js'

const HUGE = 2n * 1024n * 1024n
const roundUp = (address: bigint): bigint => ((address + HUGE - 1n) / HUGE) * HUGE

/** The whole huge pages within the executable mapping of the program; undefined when there are none. */
function programText(): { start: bigint; length: bigint } | undefined {
  for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
    const match = /^([0-9a-f]+)-([0-9a-f]+) r-xp \S+ \S+ [1-9]\d*\s+(\/.*)$/.exec(line)
    if (match?.[3] !== process.execPath) continue
    const start = roundUp(BigInt(`0x${match[1]}`))
    const end = (BigInt(`0x${match[2]}`) / HUGE) * HUGE
    if (end > start) return { start, length: end - start }
  }
  return undefined
}

/** Whether the kernel gives huge pages to those who ask. */
function hugePagesOnRequest(): boolean {
  try {
    return !readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'latin1').includes('[never]')
  } catch {
    return false
  }
}

/** Only in a process with one thread. Returns the bytes moved. */
export function useHugeText(): number {
  const text = uses('huge-text') && hugePagesOnRequest() ? programText() : undefined
  if (text === undefined) return 0
  const { start, length } = text
  const room = mmap(length + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
  const copy = roundUp(room)
  // what is left over to both sides, never the hole that the move leaves: others may be there by then
  if (copy > room) munmap(room, copy - room)
  munmap(copy + length, room + HUGE - copy)
  try {
    madvise(copy, length, MADV_HUGEPAGE)
    memoryAt(copy, Number(length)).set(memoryAt(start, Number(length)))
    mprotect(copy, length, PROT_READ | PROT_EXEC)
    mremap(copy, length, length, MREMAP_MAYMOVE | MREMAP_FIXED, start)
    return Number(length)
  } catch (error) {
    if (!(error instanceof PosixError)) throw error
    // a kernel that lets nobody execute what was written: the code stays where it is
    munmap(copy, length)
    return 0
  }
}
