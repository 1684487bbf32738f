/** The file that a unix listener has in the file system: removed once its server has ended, if it is still that server's. */
import { type BigIntStats, lstatSync, unlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SocketAddress } from '../libc/address.js'

/** A socket file as bind(2) has made it. */
export interface SocketFile {
  /** Absolute: the program may change its folder. */
  readonly path: string
  readonly made: BigIntStats
}

/** Undefined where nothing can be seen. */
export function lookAt(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true })
  } catch {
    return undefined
  }
}

/** Called right after bind(2). Undefined for an address without a file, and when somebody has removed it already. */
export function noteSocketFile(address: SocketAddress): SocketFile | undefined {
  if (address.family !== 'unix' || address.path.startsWith('\0')) return undefined
  const path = resolve(address.path)
  const made = lookAt(path)
  return made?.isSocket() ? { path, made } : undefined
}

/**
 * Times too, because a file system gives the number of a file that is gone to the next one. Not the time of the last change,
 * which chmod(2) sets.
 */
export const isSame = (one: BigIntStats, other: BigIntStats): boolean =>
  one.dev === other.dev &&
  one.ino === other.ino &&
  one.mtimeNs === other.mtimeNs &&
  one.birthtimeNs === other.birthtimeNs

/** Removes it, unless somebody else's is there by now: a successor's socket, say. */
export function removeSocketFile({ path, made }: SocketFile): void {
  const now = lookAt(path)
  if (now === undefined || !now.isSocket() || !isSame(now, made)) return
  try {
    unlinkSync(path)
  } catch {
    // somebody else removed it, or took the right to
  }
}
