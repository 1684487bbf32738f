/** Descriptors that belong to this process alone: whoever is forked from it closes them first. */
import { close } from '../libc/fd.js'

const held = new Set<number>()

/** Notes a descriptor that no forked process may keep. */
export const hold = (fd: number): void => void held.add(fd)

/** Closes one in the process that it belongs to. */
export function release(fd: number): void {
  held.delete(fd)
  close(fd)
}

/** Called in a forked process: closes its copies. */
export function closeHeld(): void {
  for (const fd of held) close(fd)
  held.clear()
}
