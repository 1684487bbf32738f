/** Lines of JSON between launcher and supervisor, and from services to the supervisor: short messages, few of them. */
import { StringDecoder } from 'node:string_decoder'
import { read, write } from '../libc/fd.js'
import { PosixError } from '../libc/posix-error.js'

/** What a supervisor tells its launcher. */
export type FromSupervisor =
  | { type: 'ready'; supervisor: number }
  | { type: 'failed'; message: string; exitCode: number }
  | { type: 'stats'; stats: Stats }
  | { type: 'connections'; list: ConnectionInfo[]; more: boolean }
  | { type: 'told-to-end'; found: boolean }
  | { type: 'ended'; connection: ConnectionEnd }

/** What a launcher asks of its supervisor. */
export type ToSupervisor =
  | { type: 'stats' }
  | { type: 'drain' }
  | { type: 'stop' }
  | { type: 'connections'; after: number }
  | { type: 'end'; id: number }

/** What a service process tells the supervisor. */
export type FromService =
  | { type: 'ready' }
  | { type: 'failed'; message: string; exitCode: number }
  | { type: 'ended'; connection: ConnectionEnd }
  | { type: 'log'; level: 'info' | 'warn'; message: string }

/** Counters of a running server; `forked === running + reaped` in each. */
export interface Stats {
  supervisor: number
  state: string
  forked: number
  running: number
  reaped: number
  adopted: number
  connections: number
  accepted: number
  /** Workers of model `prefork` that wait for a client; 0 in other models. */
  idle: number
  /** By all connections so far, from their clients and to them. */
  bytesRead: number
  bytesWritten: number
  /** Times that bytes came from a client. */
  messages: number
  services: { role: string; pid: number }[]
}

/** A connection that is open. */
export interface ConnectionInfo {
  /** As `connection.id`. */
  id: number
  /** `127.0.0.1:51234` */
  peer: string
  /** The process that serves it. */
  pid: number
  /** When it was accepted, in milliseconds since 1970. */
  startedMs: number
  bytesRead: number
  /** That the kernel has taken. Counted right after: a client may have them a moment before. */
  bytesWritten: number
  /** Times that bytes came. */
  messages: number
}

/** A connection that has ended. */
export interface ConnectionEnd extends ConnectionInfo {
  /**
   * `finished`; `lost`, by the client or a deadline; `failed`, by its handler or its process; `told`, by `server.end()`. What came first of
   * several.
   */
  how: 'finished' | 'lost' | 'failed' | 'told'
  /** `exited with status 1: the handler failed`, `lost: connection reset by peer (ECONNRESET)` */
  words: string
  /** How long it was open, in milliseconds. */
  ms: number
}

/** Sends one message; a full channel drops it, as its reader is stuck and must not take us along, and so does a closed one. */
export function sendLine(fd: number, message: FromSupervisor | ToSupervisor | FromService): void {
  try {
    write(fd, Buffer.from(`${JSON.stringify(message)}\n`))
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/** The other end is closed; ECONNRESET when it was with messages of ours unread. unix(7) */
export const isGone = (error: unknown): boolean =>
  error instanceof PosixError && (error.code === 'EPIPE' || error.code === 'ECONNRESET')

/** Takes lines from a non-blocking descriptor. */
export class LineReader<Message> {
  readonly #fd: number
  /** Keeps a letter whose bytes came in two reads. */
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''
  /** The other end is closed by all who held it. */
  ended = false

  constructor(fd: number) {
    this.#fd = fd
  }

  /** The messages that have come since the last call. */
  take(): Message[] {
    const buffer = Buffer.alloc(4096)
    for (;;) {
      const count = this.#read(buffer)
      if (count === undefined) break
      if (count === 0) {
        this.ended = true
        break
      }
      this.#rest += this.#decoder.write(buffer.subarray(0, count))
    }
    const lines = this.#rest.split('\n')
    this.#rest = lines.pop() ?? ''
    return lines.map((line) => JSON.parse(line) as Message)
  }

  #read(buffer: Buffer): number | undefined {
    try {
      return read(this.#fd, buffer)
    } catch (error) {
      if (isGone(error)) return 0
      throw error
    }
  }
}
