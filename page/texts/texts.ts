/** What a language has to say. */
import type { Figure } from '../history.ts'

export interface Kind {
  name: string
  /** One sentence. */
  says: string
  /** Where the course explains it. */
  link: string
}

export interface Texts {
  skip: string
  language: string
  servers: string
  processes: string
  processesOf: (count: number) => string
  connectionsOf: (count: number) => string
  youngest: string
  drawing: string
  details: string
  detailsHint: string
  close: string
  charts: string
  ends: string
  noEnds: string
  warnings: string
  noWarnings: string
  more: (count: number) => string
  kinds: string
  learnMore: (name: string) => string
  noServer: string
  noServerHint: string
  lost: string
  connecting: string
  looked: (everyS: string, cpuMs: string) => string
  summary: (connections: number, processes: number) => string
  gone: string
  unknown: string
  group: (count: number, name: string) => string
  ago: (time: string) => string
  afterLiving: (time: string) => string
  wellEnded: string
  badlyEnded: string
  notes: string
  facts: Record<
    | 'pid'
    | 'parent'
    | 'state'
    | 'client'
    | 'age'
    | 'received'
    | 'sent'
    | 'messages'
    | 'cpu'
    | 'rss'
    | 'pss'
    | 'own'
    | 'connections'
    | 'occupation'
    | 'ended',
    string
  >
  memoryAge: (time: string) => string
  notMeasured: string
  descriptors: string
  descriptorColumns: readonly [fd: string, what: string, access: string, holders: string]
  access: Record<string, string>
  descriptorsAgain: string
  partial: string
  /** Signals that are sent and not yet taken. */
  pending: string
  squares: string
  pipes: string
  emptyPipes: (count: number) => string
  pipeOf: (inode: number) => string
  fill: (bytes: string, room: string) => string
  lastMessages: string
  show: string
  hide: string
  noMessages: string
  messagesForbidden: string
  confines: Record<
    | 'title'
    | 'pending'
    | 'blocked'
    | 'ignored'
    | 'caught'
    | 'user'
    | 'capabilities'
    | 'noNewPrivileges'
    | 'systemCallFilter'
    | 'none'
    | 'yes'
    | 'no',
    string
  > & {
    /** By their names in /proc. */
    limits: Record<string, string>
  }
  chartNames: Record<Figure, string>
  /** Of clients that wait, with how many may. */
  ofLimit: (value: string, limit: string) => string
  chartNow: (value: string) => string
  /** What one of a hundred is above. */
  slowest: (value: string) => string
  lastEvents: {
    title: string
    started: string
    /** A signal came; undefined where the kernel does not tell who has sent it. */
    came: (signal: string, from: string | undefined) => string
    sent: (signal: string, to: string) => string
    /** It is in another state now. */
    became: (state: string) => string
    ended: (reason: string) => string
  }
  reason: (reason: string) => string
  roles: Record<string, Kind>
  states: Record<string, Kind>
  things: Record<string, Kind>
  occupations: Record<string, string>
  /** By the kind of a warning. */
  warned: Record<string, (pid: number) => string>
}
