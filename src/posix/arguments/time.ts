/** Times as arguments; what they may be beyond integers is the kernel's to say (EINVAL). */
import type { timespec, timeval } from '../../libc/layout/time.js'
import { refuse, struct } from './check.js'

export function timevalArgument(name: string, value: timeval): void {
  struct(name, value)
  if (!Number.isSafeInteger(value.tv_sec)) refuse(`${name}.tv_sec`, 'an integer', value.tv_sec)
  if (!Number.isSafeInteger(value.tv_usec)) refuse(`${name}.tv_usec`, 'an integer', value.tv_usec)
}

export function timespecArgument(name: string, value: timespec): void {
  struct(name, value)
  if (!Number.isSafeInteger(value.tv_sec)) refuse(`${name}.tv_sec`, 'an integer', value.tv_sec)
  if (!Number.isSafeInteger(value.tv_nsec)) refuse(`${name}.tv_nsec`, 'an integer', value.tv_nsec)
}
