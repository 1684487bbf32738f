/** Times as arguments. */
import type { timespec, timeval } from '../layout/time.js'
import { long, struct } from './arguments.js'

/** A timeval of integers; what they may be is the kernel's to say (EINVAL). */
export function timevalArgument(name: string, value: timeval): void {
  struct(name, value)
  long(`${name}.tv_sec`, value.tv_sec)
  long(`${name}.tv_usec`, value.tv_usec)
}

/** A timespec of integers. */
export function timespecArgument(name: string, value: timespec): void {
  struct(name, value)
  long(`${name}.tv_sec`, value.tv_sec)
  long(`${name}.tv_nsec`, value.tv_nsec)
}
