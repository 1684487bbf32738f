/** Memory mappings. */
import { MAP_ANONYMOUS, MAP_SHARED, MFD_CLOEXEC, PROT_READ, PROT_WRITE } from './constants.js'
import { type Address, c, lastErrno, memoryAt } from './libc.js'
import { check, PosixError } from './posix-error.js'

const mmapRaw: (
  address: bigint,
  length: bigint,
  prot: number,
  flags: number,
  fd: number,
  offset: bigint,
) => number | bigint = c('int64_t mmap(uint64_t addr, uint64_t length, int prot, int flags, int fd, int64_t offset)')
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

/** Zeroed memory that this process and all it forks from now on share. mmap(2), MAP_SHARED | MAP_ANONYMOUS */
export const sharedMemory = (bytes: number): Buffer =>
  memoryAt(mmap(bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS), bytes)

/** memfd_create(2), close-on-exec */
export const memfd_create = (name: string): number => check(memfdRaw(name, MFD_CLOEXEC), 'memfd_create')

/** Gives free memory of the C heap back to the kernel. glibc only; a no-op elsewhere. malloc_trim(3) */
export const malloc_trim: () => void =
  mallocTrimAddress === null ? () => {} : c('int malloc_trim(size_t pad)').bind(null, 0)
