/** Descriptors that belong to this process alone: whoever is forked from it closes them first. */
import { close } from '../libc/fd.js'

const ours = new Set<number>()

/** Notes a descriptor that no forked process may keep. */
export const keepPrivate = (fd: number): void => void ours.add(fd)

/** Closes one in the process that it belongs to. */
export function closePrivate(fd: number): void {
  ours.delete(fd)
  close(fd)
}

/** Called in a forked process: closes its copies. */
export function closePrivateDescriptors(): void {
  for (const fd of ours) close(fd)
  ours.clear()
}
