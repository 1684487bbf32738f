/** fd_set and its macros: a bit for each descriptor. select(2) */
import { complain } from '../engine/output/complain.js'
import type { FdArgument } from '../libc/brand.js'
import { FD_SETSIZE } from '../libc/io-constants.js'
import { refuse } from './arguments/check.js'

/** Words of 32 bits, in the kernel's order on a little-endian machine. */
const BITS = 32

/** A set of descriptors from 0 to `capacity - 1`; made by `fd_set()`. */
class DescriptorSet {
  /** @internal what the kernel reads and writes: whole longs */
  readonly words: Int32Array
  /** @internal whether select has taken descriptors out, and nobody has looked after the set since */
  narrowed = false

  constructor(readonly capacity: number) {
    this.words = new Int32Array(2 * Math.ceil(capacity / 64))
  }
}

export type fd_set = DescriptorSet

/** Far more than nr_open of proc_sys_fs(5) is anywhere. */
const MOST = 2 ** 26

/**
 * Makes a set, empty, or a copy where C assigns a struct.
 *
 * C has room for FD_SETSIZE descriptors and silently writes beyond. Here FD_SET refuses that. The kernel has no such limit:
 * a set made for more descriptors works with `select` as well, and so do `poll` and `epoll_wait`.
 *
 * @param from descriptors it is to hold, 1 to 2^26 (a multiple of 64 is made of it), or the set to copy. @default FD_SETSIZE
 */
export function fd_set(from: number | fd_set = FD_SETSIZE): fd_set {
  if (from instanceof DescriptorSet) {
    const copy = new DescriptorSet(from.capacity)
    copy.words.set(from.words)
    return copy
  }
  if (typeof from !== 'number' || !Number.isInteger(from) || from < 1 || from > MOST)
    refuse('capacity', `1 to ${MOST}`, from)
  return new DescriptorSet(Math.ceil(from / 64) * 64)
}

/** @throws {TypeError} for what `fd_set()` did not make */
export function checkSet(name: string, set: fd_set): void {
  if (!(set instanceof DescriptorSet)) throw new TypeError(`${name}: expected a set made by fd_set()`)
}

/**
 * Makes `copy` the same as `set`, without the memory that `fd_set(set)` takes: for a loop around `select`. FD_COPY of the BSDs
 *
 * @throws {RangeError} when it has another capacity
 */
export function FD_COPY(set: fd_set, copy: fd_set): void {
  checkSet('set', set)
  checkSet('copy', copy)
  if (copy.capacity !== set.capacity) refuse('copy', `a set of capacity ${set.capacity}`, copy.capacity)
  copy.words.set(set.words)
  copy.narrowed = false
}

let told = false

/**
 * Says once what is meant to be a copy and is none: `temps = reads` copies a struct in C, and names the same set here, which select narrows from
 * call to call until nothing is left in it.
 */
export function noteReuse(set: fd_set): void {
  if (!set.narrowed || told) return
  told = true
  complain(
    'tined/posix: select is given a set as the select before has left it, without those that were not ready. `temps = reads` makes no copy: ' +
      'temps = fd_set(reads), or FD_COPY(reads, temps)',
  )
}

function checkMember(fd: FdArgument, set: fd_set): void {
  checkSet('set', set)
  if (typeof fd !== 'number' || !(fd >= 0 && fd < set.capacity) || !Number.isInteger(fd)) refuseMember(fd, set)
}

function refuseMember(fd: FdArgument, set: fd_set): never {
  const limit = set.capacity === FD_SETSIZE ? `${FD_SETSIZE - 1} (FD_SETSIZE - 1)` : `${set.capacity - 1}`
  return refuse('fd', `0 to ${limit}; fd_set(capacity) makes a larger set`, fd)
}

/** Empties a set. FD_ZERO(3) */
export function FD_ZERO(set: fd_set): void {
  checkSet('set', set)
  set.words.fill(0)
  set.narrowed = false
}

/**
 * Adds a descriptor. FD_SET(3)
 *
 * @throws {RangeError} beyond the set's capacity
 */
export function FD_SET(fd: FdArgument, set: fd_set): void {
  checkMember(fd, set)
  const at = Math.floor(fd / BITS)
  set.words[at] = (set.words[at] as number) | (1 << (fd % BITS))
  set.narrowed = false
}

/**
 * Removes a descriptor. FD_CLR(3)
 *
 * @throws {RangeError} beyond the set's capacity
 */
export function FD_CLR(fd: FdArgument, set: fd_set): void {
  checkMember(fd, set)
  const at = Math.floor(fd / BITS)
  set.words[at] = (set.words[at] as number) & ~(1 << (fd % BITS))
  set.narrowed = false
}

/**
 * Reports whether a descriptor is in the set. FD_ISSET(3)
 *
 * @throws {RangeError} beyond the set's capacity
 */
export function FD_ISSET(fd: FdArgument, set: fd_set): boolean {
  checkMember(fd, set)
  return ((set.words[Math.floor(fd / BITS)] as number) & (1 << (fd % BITS))) !== 0
}
