/** Who may connect to a unix socket: the mode and the owner of its file. unix(7) */
import { chmodSync, chownSync, statSync, unlinkSync } from 'node:fs'
import type { FileOwner } from './options/socket-file.js'

export interface SocketPermissions {
  readonly mode: number | undefined
  readonly owner: FileOwner | undefined
}

/**
 * Gives the file of a bound socket its owner and mode; removes it when that fails. Before listen(2): until then nobody can connect.
 *
 * @throws {Error} EPERM, …
 */
export function setPermissions(path: string, { mode, owner }: SocketPermissions): void {
  try {
    if (owner !== undefined) {
      const { uid, gid } = statSync(path)
      chownSync(path, owner.uid ?? uid, owner.gid ?? gid)
    }
    if (mode !== undefined) chmodSync(path, mode)
  } catch (error) {
    unlinkSync(path)
    throw error
  }
}
