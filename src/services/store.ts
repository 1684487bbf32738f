/** The store service: each line goes to a file, and back to its sender once it is on disk. */
import { randomBytes } from 'node:crypto'
import { asApplication, type RehearsedApplication } from '../server/application.js'
import type { Connection, WatchingConnection } from '../server/connection/contract.js'
import type { NameOf } from '../server/options/option.js'
import type { Format } from '../store/file/format.js'
import { formats } from '../store/file/formats/index.js'
import { openStoreFile, type StoreFile } from '../store/file/store-file.js'
import { ForkStore } from '../store/fork-store.js'
import { SingleStore } from '../store/single-store.js'
import type { Log } from '../supervisor/log.js'
import { NOTHING_PREPARED } from '../supervisor/supervised.js'
import { type ClientSession, makerOfSessions, sampleOf, usualDurability } from './sessions.js'
import { checkStoreOptions, type StoreOptions } from './store-options.js'

export type { StoreOptions } from './store-options.js'

/** Of one of many connections in a process. */
const ROOM_BYTES = 2048

/**
 * Makes the store.
 *
 * @param nameOf what errors call an option: a flag or a variable, for what was typed
 * @throws {TypeError} {RangeError} bad options
 */
export function store(options: StoreOptions, nameOf?: NameOf): RehearsedApplication {
  const checked = checkStoreOptions(options, nameOf)
  const { to, maxBatchMessages = Number.POSITIVE_INFINITY, maxMessageBytes, whenFull } = checked
  const durability = usualDurability(checked)
  const format: Format = formats[to.format]
  const run = randomBytes(4).toString('hex')
  if (checked.fields !== undefined && format.keepsFields !== true)
    throw new TypeError(`fields: a ${to.format}: file has no room for them`)
  if (checked.syslog && !format.keepsFields)
    throw new TypeError(`${nameOf?.('syslog') ?? 'syslog'}: a ${to.format}: file has no room for fields`)
  const makeSession = makerOfSessions(checked)
  const sessions = new Map<Connection, ClientSession>()
  let file: StoreFile | undefined
  let links: ForkStore | SingleStore
  let log: Log
  let rehearses = false
  const shared = Buffer.allocUnsafeSlow(64 * 1024)
  /** Where a connection's lines are kept, to begin with: where there is one at a time, made once, before the fork. */
  let room = (): Buffer => shared
  return asApplication({
    // a socket to the writer: one end here, the other there
    costs: { services: 1, descriptors: { serving: 1, service: 1 } },
    handler: {
      loop: 'none',
      open: (connection: WatchingConnection) =>
        void sessions.set(connection, makeSession(connection, { makeLink: links.makeLink, room, log, rehearses })),
      data: (connection, chunk) => sessions.get(connection)?.data(chunk),
      end: (connection) => sessions.get(connection)?.end(),
      close(connection) {
        sessions.get(connection)?.close()
        sessions.delete(connection)
      },
    },
    rehearsal: {
      sample: sampleOf(checked),
      begin() {
        rehearses = true
        if (links instanceof ForkStore) links.rehearse()
      },
      end() {
        rehearses = false
        if (links instanceof ForkStore) links.rehearsed()
      },
    },
    prepare({ forks, sharesMemory }, serverLog) {
      log = serverLog
      file = openStoreFile(to.path)
      if (forks) {
        if (sharesMemory) room = () => Buffer.allocUnsafeSlow(ROOM_BYTES)
        const forked = new ForkStore(
          file,
          format,
          run,
          { maxBatchMessages, maxMessageBytes, durability, whenFull },
          sharesMemory,
          log,
        )
        links = forked
        return forked.prepared
      }
      links = new SingleStore(file, format, run, { durability, whenFull }, log)
      return NOTHING_PREPARED
    },
    drained() {
      if (links instanceof ForkStore) links.awaitAnswers()
    },
    dispose() {
      if (links instanceof SingleStore) links.end()
      file?.close()
    },
  })
}
