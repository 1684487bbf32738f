/** The last messages of a store, read from its file as its writer has it open: under another name by now, perhaps, or none. */
import { closeSync, fstatSync, openSync, readlinkSync, readSync } from 'node:fs'
import { O_APPEND, O_RDWR, O_WRONLY } from '../libc/constants.js'
import { infoOf, openFlagsIn } from '../observe/descriptor.js'
import { descriptorNumbersOf, type Refused } from '../observe/read.js'
import type { ServerView } from '../observe/server-view.js'
import { readable } from '../store/file/readable.js'
import { decodeRecord } from '../store/file/record.js'
import { DatabaseReader } from '../store/sqlite/database-reader.js'
import type { MessageShot } from './shapes.js'

const MOST_MESSAGES = 20
const MOST_LETTERS = 300
/** Of the end of the file. */
const READ_BYTES = 64 * 1024
const NEWLINE = 0x0a

export interface LastMessages {
  messages: MessageShot[]
  /** Who may read them: the user that the file belongs to, and whether everybody. */
  owner: number
  isEverybodys: boolean
}

const cut = (text: string): string => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text)

function shotOf(line: Buffer): MessageShot {
  const record = decodeRecord(line)
  if (record === undefined) return { text: cut(readable(line)) }
  const { time, peer, message } = record
  return {
    time: cut(readable(Buffer.from(time))),
    peer: cut(readable(Buffer.from(peer))),
    text: cut(readable(message)),
  }
}

/** Whole lines only: one that is being written has no end yet, and of the first one the beginning may be missing. */
export function messagesIn(end: Buffer, isWholeFile: boolean): MessageShot[] {
  const lines: Buffer[] = []
  let from = isWholeFile ? 0 : end.indexOf(NEWLINE) + 1
  for (let at = end.indexOf(NEWLINE, from); at >= 0; at = end.indexOf(NEWLINE, from)) {
    lines.push(end.subarray(from, at))
    from = at + 1
  }
  return lines.slice(-MOST_MESSAGES).map(shotOf)
}

/** How each file of SQLite begins. https://www.sqlite.org/fileformat.html, 1.3.1 */
const DATABASE = Buffer.from('SQLite format 3\0', 'latin1')

/** What is in a database its file does not say alone. */
export function messagesOfDatabase(path: string): MessageShot[] {
  const reader = new DatabaseReader(path, { last: MOST_MESSAGES, changed: () => {} })
  try {
    return Array.from(reader.read(), ({ bytes }) => shotOf(bytes))
  } finally {
    reader.close()
  }
}

/** A store has its file open for both, at its end: nothing else of ours is so. */
function isStoresFile(pid: number, fd: number, refused: Refused): boolean {
  const info = infoOf(pid, fd, refused)
  const flags = openFlagsIn(info ?? '')
  return (flags & (O_WRONLY | O_RDWR)) === O_RDWR && (flags & O_APPEND) !== 0
}

/** Undefined where the server is no store, or where its file may not be read. */
export function lastMessages({ processes, refused, isStore }: ServerView): LastMessages | undefined {
  const writer = processes.find(({ role }) => role === 'writer' || role === 'single')?.pid
  if (writer === undefined || !isStore) return undefined
  for (const fd of descriptorNumbersOf(writer, refused)) {
    if (!isStoresFile(writer, fd, refused)) continue
    const found = readEnd(`/proc/${writer}/fd/${fd}`)
    if (found !== undefined) return found
  }
  return undefined
}

function readEnd(path: string): LastMessages | undefined {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const status = fstatSync(file)
    if (!status.isFile()) return undefined
    const bytes = Buffer.alloc(Math.min(READ_BYTES, status.size))
    const head = Buffer.alloc(DATABASE.length)
    const end = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, status.size - bytes.length))
    const isDatabase = readSync(file, head, 0, head.length, 0) === head.length && head.equals(DATABASE)
    const messages = isDatabase ? messagesOfDatabase(readlinkSync(path)) : messagesIn(end, bytes.length === status.size)
    return { messages, owner: status.uid, isEverybodys: (status.mode & 0o004) !== 0 }
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
