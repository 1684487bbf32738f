/** userfaultfd(2), for the one side effect we want of it. */
import { O_CLOEXEC } from './constants.js'
import { type Address, c } from './ffi.js'

const userfaultfdRaw: (nr: number, flags: number) => number = c('long syscall(long nr, int flags)')
const ioctlRaw: (fd: number, request: number, argument: BigUint64Array) => number = c(
  'int ioctl(int fd, unsigned long request, void *argument)',
)
const SYS_userfaultfd = process.arch === 'arm64' ? 282 : 323
const UFFD_USER_MODE_ONLY = 1
const UFFD_API = 0xaan
/** _IOWR(0xAA, 0x3F, struct uffdio_api { api, features, ioctls }) */
const UFFDIO_API = 0xc018aa3f
/** _IOWR(0xAA, 0, struct uffdio_register { start, length, mode, ioctls }) */
const UFFDIO_REGISTER = 0xc020aa00
const UFFDIO_REGISTER_MODE_WP = 2n

/** A userfaultfd, for this process's own memory; undefined where there is none, or none for us. */
export function userfaultfd(): number | undefined {
  const fd = userfaultfdRaw(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY)
  if (fd < 0) return undefined
  return ioctlRaw(fd, UFFDIO_API, BigUint64Array.of(UFFD_API, 0n, 0n)) < 0 ? undefined : fd
}

/**
 * Registers a range for write protection, without protecting anything. As long as `fd` is open and the mapping there, the
 * kernel then maps one page at a fault and not, as for other files, the fifteen around it too. Not inherited by fork.
 *
 * @returns false when the kernel does not do it for this kind of mapping
 */
export const registerUnprotected = (fd: number, start: Address, length: number): boolean =>
  ioctlRaw(fd, UFFDIO_REGISTER, BigUint64Array.of(start, BigInt(length), UFFDIO_REGISTER_MODE_WP, 0n)) === 0
