/** Memory mappings. */
import { MAP_ANONYMOUS, MAP_NORESERVE, MAP_SHARED, MFD_CLOEXEC, PROT_READ, PROT_WRITE } from './constants.js'
import { close, ftruncate } from './fd.js'
import { type Address, c, dlsym, lastErrno, memoryAt, structFrom } from './ffi.js'
import { F_DUPFD_CLOEXEC } from './io-constants.js'
import { check, PosixError } from './posix-error.js'
import { fcntlRaw, madviseRaw } from './raw.js'

const mmapRaw: (
  address: bigint,
  length: bigint,
  prot: number,
  flags: number,
  fd: number,
  offset: bigint,
) => number | bigint = c('int64_t mmap(uint64_t addr, uint64_t length, int prot, int flags, int fd, int64_t offset)')
const munmapRaw: (address: bigint, length: bigint) => number = c('int munmap(uint64_t addr, uint64_t length)')
const memfdRaw: (name: string, flags: number) => number = c('int memfd_create(const char *name, unsigned int flags)')
const mallocTrimAddress = c('void *dlsym(void *handle, const char *symbol)')(null, 'malloc_trim')

/** mmap(2) */
export function mmap(
  length: number | bigint,
  prot: number,
  flags: number,
  fd = -1,
  offset: number | bigint = 0,
): Address {
  const mapped = BigInt(mmapRaw(0n, BigInt(length), prot, flags, fd, BigInt(offset)))
  if (mapped === -1n) throw new PosixError(lastErrno(), 'mmap')
  return mapped
}

/** mmap(2) of anonymous memory at an address; undefined when the kernel placed it elsewhere, or refused. */
export function mmapAt(address: Address, length: bigint, prot: number, flags: number): Address | undefined {
  const mapped = BigInt(mmapRaw(address, length, prot, flags, -1, 0n))
  return mapped === -1n ? undefined : mapped
}

/** munmap(2) */
export const munmap = (address: Address, length: bigint): void => void check(munmapRaw(address, length), 'munmap')

const mprotectRaw: (address: bigint, length: bigint, prot: number) => number = c(
  'int mprotect(uint64_t addr, uint64_t length, int prot)',
)
const mremapRaw: (from: bigint, length: bigint, newLength: bigint, flags: number, to: bigint) => number | bigint = c(
  'int64_t mremap(uint64_t addr, uint64_t length, uint64_t new_length, int flags, uint64_t to)',
)

/** madvise(2) */
export const madvise = (address: Address, length: bigint, advice: number): void =>
  void check(madviseRaw(address, length, advice), 'madvise')

/** mprotect(2) */
export const mprotect = (address: Address, length: bigint, prot: number): void =>
  void check(mprotectRaw(address, length, prot), 'mprotect')

/** mremap(2) with MREMAP_FIXED: what was mapped at `to` is replaced in one step. */
export function mremap(from: Address, length: bigint, newLength: bigint, flags: number, to: Address): void {
  if (BigInt(mremapRaw(from, length, newLength, flags, to)) !== to) throw new PosixError(lastErrno(), 'mremap')
}

/**
 * Zeroed memory that this process and all it forks from now on share; a page is used once it is written. mmap(2), MAP_SHARED |
 * MAP_ANONYMOUS
 */
export const sharedMemory = (bytes: number): Buffer =>
  memoryAt(mmap(bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE), bytes)

/** memfd_create(2), close-on-exec */
export const memfd_create = (name: string): number => check(memfdRaw(name, MFD_CLOEXEC), 'memfd_create')

/**
 * The same as `sharedMemory`, of a file that others may open in /proc/PID/fd. Where there can be none (filters of old containers,
 * limits of a file's size) its descriptor is -1.
 *
 * @param from the least number of its descriptor, if any from there on may be had
 */
export function sharedMemoryFile(name: string, bytes: number, from: number): { memory: Buffer; descriptor: number } {
  const file = memfdRaw(name, MFD_CLOEXEC)
  if (file < 0) return { memory: sharedMemory(bytes), descriptor: -1 }
  try {
    ftruncate(file, bytes)
    const memory = memoryAt(mmap(bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file), bytes)
    const moved = fcntlRaw(file, F_DUPFD_CLOEXEC, from)
    if (moved >= 0) close(file)
    return { memory, descriptor: moved >= 0 ? moved : file }
  } catch {
    close(file)
    return { memory: sharedMemory(bytes), descriptor: -1 }
  }
}

/** Gives free memory of the C heap back to the kernel. glibc only; a no-op elsewhere. malloc_trim(3) */
export const malloc_trim: () => void =
  mallocTrimAddress === null ? () => {} : c('int malloc_trim(size_t pad)').bind(null, 0)

/** malloc(3): an address, or 0 when there is no memory. */
export const malloc: (bytes: number) => number = (() => {
  const call: (bytes: number) => number | bigint = c('uint64_t malloc(size_t size)')
  return (bytes) => Number(call(bytes))
})()

/** What mallinfo(3) tells of the C heap: bytes that are free, and how many of them are at its top. */
export interface HeapInfo {
  readonly fordblks: number
  readonly keepcost: number
}

/** mallinfo2(3), or mallinfo(3) before glibc 2.33; undefined where there is neither. */
export const mallinfo: (() => HeapInfo) | undefined = (() => {
  const fields = 'arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost'.split(' ')
  for (const [name, type] of [
    ['mallinfo2', 'size_t'],
    ['mallinfo', 'unsigned int'],
  ] as const) {
    if (dlsym(name) === undefined) continue
    return structFrom(name, Object.fromEntries(fields.map((field) => [field, type])) as Record<keyof HeapInfo, string>)
  }
  return undefined
})()

const sbrk: (by: number) => number | bigint = c('int64_t sbrk(int64_t by)')

/** Where the C heap ends. sbrk(2) */
export const heapEnd = (): number => Number(sbrk(0))

/** free(3) */
export const free: (address: number) => void = c('void free(uint64_t address)')
