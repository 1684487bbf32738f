/** What `/api/snapshot`, `/api/events` and `/api/process` send: also the page in page/ is made of it. Plain data, text escaped. */

export interface ProcessShot {
  pid: number
  parent: number
  /** `connection`, `worker`, …; `program` and `process` for what is not Tined's. */
  role: string
  /** Of a connection or a worker. */
  id?: number | undefined
  name: string
  state: string
  client?: string | undefined
  occupation?: string | undefined
  /** Of a worker that serves many. */
  connections?: number | undefined
  /** Milliseconds since 1970. */
  startedMs: number
  bytesRead?: number | undefined
  bytesWritten?: number | undefined
  messages?: number | undefined
  cpuMs: number
  rssBytes: number
  pssBytes?: number | undefined
  ownBytes?: number | undefined
  /** How old the two above are. */
  memoryAgeMs?: number | undefined
  /** Signals that are sent and not yet taken, by name; left out where there are none. */
  pendingSignals?: string[] | undefined
}

/** A pipe between processes of the tree. */
export interface PipeShot {
  inode: number
  /** That wait in it, and how many it holds at most. */
  bytes: number
  room: number
  /** Who holds an end: the first of them, and how many. */
  from: { pids: number[]; count: number }
  to: { pids: number[]; count: number }
}

/** How long something has taken, as src/observe/board.ts has it. */
export interface TimesShot {
  count: number
  sumMs: number
  /** How many took less than 2 to the power of the place, in microseconds, and not less than half of that; the last: all longer ones. */
  buckets: number[]
}

/** Sent by the supervisor, or to it. */
export interface SignalShot {
  /** Counts from 1 since the server began. */
  number: number
  /** `SIGTERM` */
  signal: string
  /** Pids; 0 where the kernel does not tell who has sent it. */
  from: number
  to: number
  sentMs: number
}

export interface EndShot {
  pid: number
  role: string
  id: number
  /** In words: `killed by SIGKILL`. */
  reason: string
  isWell: boolean
  endedMs: number
  livedMs: number
}

export interface WarningShot {
  /** As docs/ps.md lists them. */
  kind: string
  pid: number
  text: string
}

export interface TotalsShot {
  /** Connections that were accepted; in model fork the highest number of one that was seen. */
  accepted: number
  forked: number
  reaped: number
  bytesRead: number
  bytesWritten: number
  messages: number
}

export interface ServerShot {
  /** The topmost process. */
  root: number
  launcher?: number | undefined
  supervisor?: number | undefined
  listening: string[]
  /** Served now. */
  connections: number
  /** Who waits to be accepted, over all TCP addresses; undefined where it listens on none. */
  waiting?: number | undefined
  /** How many of them may, which is known where this process is in the same network. */
  waitingLimit?: number | undefined
  /** Undefined without a scoreboard. */
  forkTimes?: TimesShot | undefined
  /** Of a store's writer, to have a batch on disk; undefined where there is no writer. */
  syncTimes?: TimesShot | undefined
  /** From when bytes were read until something was written to the same client: of the first of a process, and of one in 16. */
  answerTimes?: TimesShot | undefined
  /** Those with most in them, some seconds old in what there is and new in how full it is. */
  pipes: PipeShot[]
  /** Undefined without a scoreboard. */
  totals?: TotalsShot | undefined
  /** CPU time by role, in milliseconds; what was reaped counts to the role that serves. */
  cpuMs: Record<string, number>
  /** Ends by role and reason, since the server was ready. */
  endCounts: { role: string; reason: string; count: number }[]
  /** The last ones, newest first. */
  ends: EndShot[]
  /** The last 24, newest first, without SIGCHLD, which each end is told by; and how many of each there were. */
  signals: SignalShot[]
  signalCounts: { signal: string; count: number }[]
  warnings: WarningShot[]
  /** What could not be read, in words. */
  notes: string[]
  processes: ProcessShot[]
}

export interface Snapshot {
  version: 1
  /** When it was looked, in milliseconds since 1970. */
  timeMs: number
  /** CPU time that the look has taken. */
  lookCpuMs: number
  /** As long until the next one: longer than asked for where looks are costly. */
  everyMs: number
  servers: ServerShot[]
  /** Why nothing can be seen, in words. */
  problem?: string | undefined
}

export interface DescriptorShot {
  fd: number
  what: string
  access: string
  alsoHeldBy: number[]
  otherEndHeldBy?: number[] | undefined
}

export interface LimitShot {
  name: string
  soft: string
  hard: string
}

export interface MessageShot {
  /** ISO 8601; undefined of bare lines. */
  time?: string | undefined
  peer?: string | undefined
  /** Escaped, and cut where it is long. */
  text: string
}

export interface ProcessDetails {
  pid: number
  /** By name. */
  signals: { pending: string[]; blocked: string[]; ignored: string[]; caught: string[] }
  limits: LimitShot[]
  sandbox: { uid: number; noNewPrivileges: boolean; systemCallFilter: string; capabilities: string }
  descriptors: DescriptorShot[]
  /** Whether others than these were compared with: of large trees only those above, below and beside it that are no connections. */
  isPartial: boolean
}
