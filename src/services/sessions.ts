/** Which session a client of the store gets: the fast one for lines that come back as they are, and one for all else. */
import type { Connection, WatchingConnection } from '../server/connection/contract.js'
import type { MakeLink } from '../store/connection/link.js'
import { MessageSession, type SessionSetup } from '../store/connection/message-session.js'
import { Session } from '../store/connection/session.js'
import type { Replication } from '../store/connection/until-replicated.js'
import { DURABILITIES, type Durability } from '../store/durability.js'
import { isObject } from '../store/fields.js'
import { line } from '../store/framing/line.js'
import { acceptAll, acceptLines, type Judge, judgeBy } from '../store/hooks.js'
import { syslogFields } from '../store/syslog/fields.js'
import type { Log } from '../supervisor/log.js'
import type { CheckedStoreOptions as Checked, FieldsOfMessage } from './store-options.js'

/** What a session is to the handler of the store. */
export interface ClientSession {
  data(chunk: Buffer): void
  end(): void
  close(): void
}

export interface SessionParts {
  makeLink: MakeLink
  /** Gives a session of lines and echoes memory to begin with. */
  room: () => Buffer
  log: Log
  replication: Replication | undefined
  /** Then nothing of the program's is called. */
  rehearses: boolean
}

type Make = (connection: WatchingConnection, parts: SessionParts) => ClientSession

/** What a client says in a rehearsal. */
export const sampleOf = ({ framing, syslog }: Checked): Buffer =>
  framing.frame(Buffer.from(syslog ? '<13>1 2026-01-31T12:00:00Z host tined 1 - [a b="c"] rehearsal' : 'rehearsal'))

/** The same for all clients of a server. */
export function makerOfSessions(options: Checked): Make {
  const { ack, accept, transform, durability, framing, syslog, to } = options
  const oneLine = to.kind.linesOnly === true
  const fields = syslog ? withSyslog(options.fields) : options.fields
  const asks = accept !== undefined || transform !== undefined || fields !== undefined
  if (framing === line && ack === 'echo' && !asks && typeof durability !== 'function')
    return (connection, { makeLink, room, log }) =>
      new Session(connection, options, makeLink, room, (client, reason) => log.info(of(client), reason))
  const judge: Judge<Connection> = asks
    ? judgeBy({ accept, transform, fields }, { ...options, oneLine })
    : oneLine
      ? acceptLines
      : acceptAll
  const rehearsed = syslog ? judgeBy({ fields: syslogFields }, { ...options, oneLine }) : acceptAll
  return (connection, { makeLink, log, replication, rehearses }) => {
    const setup: SessionSetup = {
      ...options,
      judge: rehearses ? rehearsed : judge,
      replication,
      durabilityOf: (client) => (rehearses ? undefined : durabilityFor(durability, client, replication !== undefined)),
      failed: (client, failure) => log.warn(of(client), `not stored: ${failure}`),
    }
    return new MessageSession(connection, setup, makeLink, (client, reason) => log.info(of(client), reason))
  }
}

/** The program's, and what the message says. */
const withSyslog =
  (fields: Checked['fields']): FieldsOfMessage =>
  (message, connection) => {
    const own = fields?.(message, connection)
    // what is no object is refused, as it is without syslog
    return own === undefined || (isObject(own) && !(own instanceof Promise))
      ? { ...own, ...syslogFields(message) }
      : own
  }

const of = ({ id, peerName }: Connection) => ({ id, peer: peerName })

/** @throws {TypeError} what the program's function gives is none */
function durabilityFor(
  durability: Checked['durability'],
  client: Connection,
  replicates: boolean,
): Durability | undefined {
  if (typeof durability !== 'function') return undefined
  const wanted = durability(client)
  if (!DURABILITIES.includes(wanted))
    throw new TypeError(`durability: expected ${DURABILITIES.join(' or ')} of the function, got ${String(wanted)}`)
  if (wanted === 'replicated' && !replicates)
    throw new TypeError("durability: expected less than 'replicated' of the function: only a nats: sink has a cluster")
  return wanted
}

/** What the writer takes for wanted where nobody says. */
export const usualDurability = ({ durability }: Checked): Durability =>
  typeof durability === 'function' ? 'disk' : durability
