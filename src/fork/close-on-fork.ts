/**
 * Which descriptors a process forked by `serve` or `fork` has, against what it would have by default. POSIX.1-2024 calls the mark
 * FD_CLOFORK; Linux has none.
 */

const marks = new Map<number, boolean>()

/**
 * Marks a descriptor of this process. By default what Node's loop opened is closed in a forked process (a socket, say), and what was
 * opened otherwise (`fs.openSync`, `tined/posix`) is kept.
 *
 * @param fd an open descriptor; the mark goes with `close` of `tined/posix`, or by marking it anew
 * @param on true: it is closed in what is forked from now on; false: it is kept, and both processes use the same description
 * @throws {TypeError} {RangeError} for what is no descriptor
 */
export function closeOnFork(fd: number, on: boolean): void {
  if (typeof fd !== 'number') throw new TypeError(`fd: expected a descriptor, got ${String(fd)} (${typeof fd})`)
  if (!Number.isInteger(fd) || fd < 3 || fd > 0x7fff_ffff)
    throw new RangeError(`fd: expected a descriptor from 3 (the standard streams are always kept), got ${fd}`)
  if (typeof on !== 'boolean') throw new TypeError(`on: expected true or false, got ${String(on)}`)
  marks.set(fd, on)
}

/** Notes that a program has opened this itself, for whatever is forked too. */
export function keepOnFork<Descriptor extends number>(fd: Descriptor): Descriptor {
  marks.set(fd, false)
  return fd
}

export const forgetMark = (fd: number): void => void marks.delete(fd)

export const isKeptOnFork = (fd: number): boolean => marks.get(fd) === false

export const closedOnFork = (): number[] => [...marks].flatMap(([fd, on]) => (on ? [fd] : []))
