/** Where a process has its arguments, which is what `ps` shows of it. proc_pid_cmdline(5) */
import { readFileSync } from 'node:fs'
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_NONE, PROT_READ, PROT_WRITE } from './constants.js'
import { type Address, addressOf, memoryAt } from './ffi.js'
import { heapEnd, mmap, mprotect } from './memory.js'
import { prctl } from './process.js'

const PR_SET_MM = 35
const PR_SET_MM_MAP = 14
/** Of /proc/self/stat, counted from 1: start_code, end_code, start_stack, …. proc_pid_stat(5) */
const CODE = [26, 27] as const
const STACK = 28
const DATA_TO_HEAP = [45, 46, 47] as const
const ARGUMENTS = [48, 49] as const
const ENVIRONMENT = [50, 51] as const
/** What comes before the third field; the second is a name in brackets that may have blanks. */
const BEFORE = 3
/** "Leave the executable as it is." */
const NO_FD = 0xffff_ffffn
const PAGE_BYTES = 4096

const bytesAt = (start: bigint, length: number): Uint8Array => {
  const bytes = memoryAt(start, length)
  return new Uint8Array(bytes.buffer, bytes.byteOffset, length)
}

function readStat(): (field: number) => bigint {
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (field) => BigInt(fields[field - BEFORE] ?? 0)
}

/** Where they begin. The kernel shows none that lie in memory of a file. */
export const argumentsAddress = (): Address => readStat()(ARGUMENTS[0])

/** The arguments of this process, as they lie in its memory; empty where that is not told. */
export function argumentMemory(): Uint8Array {
  const [start, end] = ARGUMENTS.map(readStat()) as [bigint, bigint]
  return start === 0n || end - start <= 1n ? new Uint8Array(0) : bytesAt(start, Number(end - start))
}

/**
 * Gives the process other memory for its arguments: a page of zeros. Needs no privilege. prctl(2), PR_SET_MM_MAP
 *
 * @returns undefined where the kernel has no such call (CONFIG_CHECKPOINT_RESTORE), or a filter refuses it
 */
export function moveArguments(): Uint8Array | undefined {
  const of = readStat()
  // alone between two that nobody may touch: the kernel would make one mapping of it and its neighbours
  const page = mmap(3 * PAGE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS) + BigInt(PAGE_BYTES)
  mprotect(page, BigInt(PAGE_BYTES), PROT_READ | PROT_WRITE)
  const code = CODE.map(of)
  const heap = DATA_TO_HEAP.map(of)
  const environment = ENVIRONMENT.map(of)
  const argument = [page, page + BigInt(PAGE_BYTES)]
  // struct prctl_mm_map; the last two are no auxiliary vector, its length and no descriptor
  const map = [...code, ...heap, BigInt(heapEnd()), of(STACK), ...argument, ...environment, 0n, NO_FD << 32n]
  const bytes = new Uint8Array(new BigUint64Array(map).buffer)
  try {
    prctl(PR_SET_MM, PR_SET_MM_MAP, addressOf(bytes), bytes.length)
    return bytesAt(page, PAGE_BYTES)
  } catch {
    return undefined
  }
}
