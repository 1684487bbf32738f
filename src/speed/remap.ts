/**
 * Moves the contents of a private mapping into a file and maps the file in its place, at the same address, as one step.
 *
 * Copying and mapping are two calls, and JavaScript between them would write to the very memory that is being copied.
 * So both are queued as contexts of makecontext(3), each linked to the next, and run by one swapcontext(3): nothing but
 * libc executes in between. SAFETY: only in a process with one thread and no signal handler that could run.
 */
import { MAP_ANONYMOUS, MAP_PRIVATE, MREMAP_FIXED, MREMAP_MAYMOVE, PROT_READ, PROT_WRITE } from '../libc/constants.js'
import { type Address, c, dlsym, memoryAt } from '../libc/ffi.js'
import { mmap } from '../libc/memory.js'
import { check } from '../libc/posix-error.js'

const CONTEXT_BYTES = 4096
const STACK_BYTES = 64 * 1024
/** ucontext_t of glibc on x86-64: uc_flags, uc_link, uc_stack { ss_sp, ss_flags, ss_size }. */
const UC_LINK = 8
const UC_STACK_SP = 16
const UC_STACK_SIZE = 32

interface Calls {
  getcontext(context: Address): number
  makecontext(
    context: Address,
    entry: Address,
    count: number,
    a: bigint,
    b: bigint,
    d: bigint,
    e: bigint,
    f: bigint,
  ): void
  swapcontext(save: Address, run: Address): number
  pwrite: Address
  mremap: Address
}

/** Three contexts and two stacks, in memory of their own that is never replaced. */
interface Workshop {
  calls: Calls
  memory: Buffer
  base: Address
}

const WORKSHOP_BYTES = 3 * CONTEXT_BYTES + 2 * STACK_BYTES
let workshop: Workshop | undefined

function open(): Workshop | undefined {
  const names = ['getcontext', 'makecontext', 'swapcontext', 'pwrite', 'mremap'] as const
  const found = names.map((name) => dlsym(name))
  // musl has no contexts; the layout above is x86-64's
  if (process.arch !== 'x64' || found.includes(undefined)) return undefined
  const base = mmap(WORKSHOP_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
  const calls: Calls = {
    getcontext: c('int getcontext(uint64_t ucp)'),
    makecontext: c(
      'void makecontext(uint64_t ucp, uint64_t f, int n, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e)',
    ),
    swapcontext: c('int swapcontext(uint64_t oucp, uint64_t ucp)'),
    pwrite: found[3] as Address,
    mremap: found[4] as Address,
  }
  return { calls, base, memory: memoryAt(base, WORKSHOP_BYTES) }
}

/** Where the workshop lies, which must not be replaced; undefined when replacing is not possible here. */
export function workshopAddress(): Address | undefined {
  workshop ??= open()
  return workshop?.base
}

/**
 * Replaces the private mapping at `address` by a private mapping of `file` at `offset`, after writing its contents there.
 *
 * @param protection PROT_* of the mapping as it is
 * @throws {PosixError} ENOMEM, ENOSPC
 */
export function moveIntoFile(address: Address, length: number, protection: number, file: number, offset: number): void {
  workshop ??= open()
  if (workshop === undefined) throw new Error('not available on this system')
  const { calls, base } = workshop
  const replacement = mmap(length, protection, MAP_PRIVATE, file, offset)
  const back = base
  const copy = base + BigInt(CONTEXT_BYTES)
  const swap = base + BigInt(2 * CONTEXT_BYTES)
  prepare(workshop, copy, base + BigInt(3 * CONTEXT_BYTES), swap)
  prepare(workshop, swap, base + BigInt(3 * CONTEXT_BYTES + STACK_BYTES), back)
  const size = BigInt(length)
  calls.makecontext(copy, calls.pwrite, 4, BigInt(file), address, size, BigInt(offset), 0n)
  calls.makecontext(swap, calls.mremap, 5, replacement, size, size, BigInt(MREMAP_MAYMOVE | MREMAP_FIXED), address)
  check(calls.swapcontext(back, copy), 'swapcontext')
}

function prepare({ calls, memory, base }: Workshop, context: Address, stack: Address, next: Address): void {
  calls.getcontext(context)
  const at = Number(context - base)
  memory.writeBigUInt64LE(next, at + UC_LINK)
  memory.writeBigUInt64LE(stack, at + UC_STACK_SP)
  memory.writeBigUInt64LE(BigInt(STACK_BYTES), at + UC_STACK_SIZE)
}
