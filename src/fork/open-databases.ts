/** SQLite databases that the program has open: their locks belong to one process, and a fork makes two of it. */
import { fstatSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'

/** How each file of SQLite begins. https://www.sqlite.org/fileformat.html, 1.3.1 */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1')
/** In octal, as /proc writes them. open(2), O_ACCMODE */
const ACCESS = 0o3

function canWrite(fd: number): boolean {
  const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1]
  return flags !== undefined && (Number.parseInt(flags, 8) & ACCESS) !== 0
}

function isDatabase(fd: number): boolean {
  const begin = Buffer.alloc(MAGIC.length)
  // through the descriptor that is there: to close another one of the same file would take the program's locks. fcntl(2)
  return readSync(fd, begin, 0, begin.length, 0) === begin.length && begin.equals(MAGIC)
}

function databaseAt(fd: number): string | undefined {
  try {
    const path = readlinkSync(`/proc/self/fd/${fd}`)
    if (!path.startsWith('/') || !canWrite(fd) || !fstatSync(fd).isFile()) return undefined
    return isDatabase(fd) ? path : undefined
  } catch {
    return undefined // closed while we looked, or opened for writing only
  }
}

/** Paths of those that this process can write to, each once. */
export const openDatabases = (): string[] => [
  ...new Set(readdirSync('/proc/self/fd').flatMap((fd) => databaseAt(Number(fd)) ?? [])),
]
