/** Servers of others, where Debian puts them: not all are where a user's shell looks. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { executable } from './paths.js'

const searched = (): string[] => (process.env['PATH'] ?? '').split(delimiter)

const inFolders = (folders: readonly string[], command: string): string | undefined =>
  folders.map((folder) => join(folder, command)).find(executable)

/** Where a command is; undefined when it is not installed. */
export const installed = (command: string): string | undefined =>
  inFolders([...searched(), '/usr/sbin', '/sbin'], command)

/** The same of PostgreSQL's, of which there may be several versions: of the latest. */
export function installedPostgres(command: 'initdb' | 'postgres'): string | undefined {
  const versions = '/usr/lib/postgresql'
  const found = existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin')) : []
  return inFolders([...found.reverse(), ...searched()], command)
}

/** As whom root may start what refuses to run as root. */
export function nobody(): { uid: number; gid: number } {
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}
