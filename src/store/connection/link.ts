/** What stands between a session and the file: the pipe to the writer, or the file itself. */
import type { Reactor } from '../../reactor/reactor.js'
import type { Outbox } from './outbox.js'

/** Told what became of messages; each call speaks for every message up to `through` that none spoke for before. */
export type Heard = (through: number, errno: number) => void

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
}

export type MakeLink = (owner: LinkOwner, outbox: Outbox, heard: Heard) => Link
