/** The store service: each line goes to a file, and back to its sender once it is on disk. */
import { asApplication, type RehearsedApplication } from '../server/application.js'
import type { Connection, WatchingConnection } from '../server/connection/contract.js'
import type { NameOf } from '../server/options/option.js'
import { hot, roots } from '../store/connection/hot-functions.js'
import { type OpenedStore, openSink } from '../store/opened-store.js'
import type { Log } from '../supervisor/log.js'
import { type ClientSession, makerOfSessions, type SessionParts, sampleOf, usualDurability } from './sessions.js'
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
  const { to, maxBatchMessages = Number.POSITIVE_INFINITY } = checked
  const durability = usualDurability(checked)
  if (checked.fields !== undefined && to.kind.format.keepsFields !== true)
    throw new TypeError(`fields: ${to.kind.form} has no room for them`)
  if (checked.syslog && to.kind.format.keepsFields !== true)
    throw new TypeError(`${nameOf?.('syslog') ?? 'syslog'}: ${to.kind.form} has no room for fields`)
  const makeSession = makerOfSessions(checked)
  const sessions = new Map<Connection, ClientSession>()
  let opened: OpenedStore
  let log: Log
  let rehearses = false
  const shared = Buffer.allocUnsafeSlow(64 * 1024)
  /** Where a connection's lines are kept, to begin with: where there is one at a time, made once, before the fork. */
  let room = (): Buffer => shared
  const parts = (): SessionParts => {
    const { makeLink, replication } = opened
    return { makeLink, replication, room, log, rehearses }
  }
  return asApplication({
    // the writer's end of a socket
    costs: { services: 1 + (to.kind.services ?? 0), descriptors: 1 },
    handler: {
      loop: 'none',
      open: (connection: WatchingConnection) => void sessions.set(connection, makeSession(connection, parts())),
      data: (connection, chunk) => sessions.get(connection)?.data(chunk),
      end: (connection) => sessions.get(connection)?.end(),
      close(connection) {
        sessions.get(connection)?.close()
        sessions.delete(connection)
      },
    },
    rehearsal: {
      sample: sampleOf(checked),
      hot,
      roots,
      begin() {
        rehearses = true
        opened.rehearse()
      },
      end() {
        rehearses = false
        opened.rehearsed()
      },
    },
    prepare(hosting, serverLog) {
      log = serverLog
      if (hosting.forks && hosting.sharesMemory) room = () => Buffer.allocUnsafeSlow(ROOM_BYTES)
      opened = openSink(to, hosting, { ...checked, durability, maxBatchMessages }, log)
      return opened.prepared
    },
    drained: () => opened.awaitAnswers(),
    dispose: () => opened.close(),
  })
}
