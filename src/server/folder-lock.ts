/** Servers that start at the same moment make their files in a folder one after the other. flock(2) */
import { dirname } from 'node:path'
import { LOCK_EX, LOCK_NB, O_CLOEXEC, O_RDONLY } from '../libc/constants.js'
import { close, flock, open } from '../libc/fd.js'
import { O_DIRECTORY } from '../libc/io-constants.js'
import { PosixError } from '../libc/posix-error.js'
import { usleep } from '../libc/process.js'

const REST_US = 1000
/** A server holds it for less than a millisecond; whoever holds it for longer is none, and is not waited for. */
const TRIES = 1000

/** Acts while no other server does that in the folder of `path`. One that may not be read cannot be locked. */
export function whileLocked<Result>(path: string, act: () => Result): Result {
  const folder = folderOf(path)
  if (folder === undefined) return act()
  try {
    for (let tried = 0; tried < TRIES && !flock(folder, LOCK_EX | LOCK_NB); tried++) usleep(REST_US)
    return act()
  } finally {
    close(folder)
  }
}

function folderOf(path: string): number | undefined {
  try {
    return open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  } catch (error) {
    if (!(error instanceof PosixError)) throw error
    return undefined
  }
}
