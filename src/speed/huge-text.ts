/**
 * Puts the code of the node binary into huge pages, so that a forked process finds it mapped.
 *
 * Every child would fault in some ninety pieces of it, one by one. The code is copied into anonymous memory that the
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
import { HUGE, type HugeRun, roundUp, runsOfText } from './text-runs.js'

/** Whether the kernel gives huge pages to those who ask. */
function hugePagesOnRequest(): boolean {
  try {
    return !readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'latin1').includes('[never]')
  } catch {
    return false
  }
}

function move({ start, length, text }: HugeRun): number {
  const room = mmap(length + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
  const copy = roundUp(room)
  // what is left over to both sides, never the hole that the move leaves: others may be there by then
  if (copy > room) munmap(room, copy - room)
  munmap(copy + length, room + HUGE - copy)
  try {
    madvise(copy, length, MADV_HUGEPAGE)
    const size = Number(text.end - text.start)
    memoryAt(copy + (text.start - start), size).set(memoryAt(text.start, size))
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

/** Only in a process with one thread. Returns the bytes moved. */
export function useHugeText(): number {
  if (!uses('huge-text') || !hugePagesOnRequest()) return 0
  return runsOfText(readFileSync('/proc/self/maps', 'latin1')).reduce((sum, run) => sum + move(run), 0)
}
