/** The store service: each line goes to a file, and back to its sender once it is on disk. */
import { randomBytes } from 'node:crypto'
import type { RehearsedApplication } from '../server/application.js'
import type { Connection, WatchingConnection } from '../server/connection/contract.js'
import { Session } from '../store/connection/session.js'
import { formats } from '../store/file/format.js'
import { openStoreFile, type StoreFile } from '../store/file/store-file.js'
import { ForkStore } from '../store/fork-store.js'
import { SingleStore } from '../store/single-store.js'
import { parseSink } from '../store/sink.js'

export interface StoreOptions {
  /** `FILE` for records in NDJSON, `text:FILE` for bare lines. Made if need be, for its owner and group only. */
  to: string
  /**
   * The longest line, without its newline, in bytes; from 1 to 16 MiB.
   * @default 65536
   */
  maxMessageBytes?: number
  /**
   * The most messages that are synced together; those of one packet always are. For measurements.
   * @default all that have come
   */
  maxBatchMessages?: number
}

/** Of one of many connections in a process. */
const ROOM_BYTES = 2048
const MOST_BYTES = 16 * 1024 * 1024

function checkMaxMessage(bytes: unknown = 64 * 1024): number {
  if (typeof bytes !== 'number')
    throw new TypeError(`maxMessageBytes: expected a number of bytes, got ${String(bytes)}`)
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > MOST_BYTES)
    throw new RangeError(`maxMessageBytes: expected a whole number from 1 to ${MOST_BYTES}, got ${bytes}`)
  return bytes
}

/**
 * Makes the store.
 *
 * @throws {TypeError} {RangeError} bad options
 */
export function store(options: StoreOptions): RehearsedApplication {
  const { format: name, path } = parseSink('to', options.to)
  const maxMessageBytes = checkMaxMessage(options.maxMessageBytes)
  const { maxBatchMessages = Number.POSITIVE_INFINITY } = options
  const format = formats[name]
  const run = randomBytes(4).toString('hex')
  const sessions = new Map<Connection, Session>()
  let file: StoreFile | undefined
  let links: ForkStore | SingleStore
  const shared = Buffer.allocUnsafeSlow(64 * 1024)
  /** Where a connection's lines are kept, to begin with: where there is one at a time, made once, before the fork. */
  let room = (): Buffer => shared
  return {
    handler: {
      loop: 'none',
      open: (connection: WatchingConnection) =>
        void sessions.set(connection, new Session(connection, maxMessageBytes, links.makeLink, room)),
      data: (connection, chunk) => sessions.get(connection)?.data(chunk),
      end: (connection) => sessions.get(connection)?.end(),
      close(connection) {
        sessions.get(connection)?.close()
        sessions.delete(connection)
      },
    },
    rehearsal: {
      sample: Buffer.from('rehearsal\n'),
      begin: () => links instanceof ForkStore && links.rehearse(),
      end: () => links instanceof ForkStore && links.rehearsed(),
    },
    prepare({ forks, sharesMemory }, log) {
      file = openStoreFile(path)
      if (forks) {
        if (sharesMemory) room = () => Buffer.allocUnsafeSlow(ROOM_BYTES)
        const forked = new ForkStore(file, format, run, maxBatchMessages, sharesMemory)
        links = forked
        return forked.prepared
      }
      links = new SingleStore(file, format, run, log)
      return { services: [], closeInConnections: [] }
    },
    drained() {
      if (links instanceof ForkStore) links.awaitAnswers()
    },
    dispose: () => file?.close(),
  }
}
