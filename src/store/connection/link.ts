/** What stands between a session and the file: the pipe to the writer, or the file itself. */
import type { Reactor } from '../../reactor/reactor.js'
import type { Sequences } from '../wire.js'
import type { Packet } from './outbox.js'

/** What is to be sent. */
export interface Outgoing {
  /** Messages whose fate is known. */
  readonly acknowledged: number
  /** Whether messages wait to be sent. */
  readonly backlog: boolean
  /** Whether the fate of every message is known. */
  readonly answered: boolean
  /** The next packet, valid until the next call of any method; undefined when there is none, or no room in the window. */
  next(): Packet | undefined
  /** Sends everything again whose fate is not known. */
  rewind(): void
}

/**
 * Told what became of messages; each call speaks for every message up to `through` that none spoke for before.
 *
 * @param reached code of how durable they are
 * @param stored to whom wants it, when they are stored; without numbers when a writer has stored them that died before it could say
 */
export type Heard = (through: number, errno: number, reached: number, stored?: Sequences) => void

export interface Link {
  /** Sends what the outbox has and the window allows. May call back before it returns. */
  flush(): void
  /** Lets go of the store, but not before every complete message of the outbox is stored or refused. */
  close(): void
}

/** Whose messages a link carries: a connection. */
export interface LinkOwner {
  /** Counts the server's connections. */
  readonly id: number
  /** `127.0.0.1:51234` */
  readonly peerName: string
  readonly reactor: Reactor
  /** Whether it wants to know the sequence number of each of its messages. */
  readonly wantsSequences?: boolean
  /** Whether it is a process that appends, and does not know which connection it serves. */
  readonly unnumbered?: boolean
}

export type MakeLink = (owner: LinkOwner, outbox: Outgoing, heard: Heard) => Link
