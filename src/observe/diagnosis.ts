/** What only socket diagnostics tell of a server's TCP sockets, and where it disagrees with the scoreboard. sock_diag(7) */
import { readlinkSync } from 'node:fs'
import { diagnoseTcp, type TcpDiagnosis } from '../libc/sock-diag.js'
import { linkOf, targetOf } from './read.js'
import type { ProcessView, Served, ServerView } from './server-view.js'
import { inodeOf } from './sockets.js'
import type { Finding } from './warnings.js'

export interface Diagnosis {
  /** Of all TCP addresses: who waits to be accepted, and how many may. */
  queue: { waiting: number; limit: number }
  byInode: ReadonlyMap<number, TcpDiagnosis>
}

/** `127.0.0.1:9190`, `[::]:9190` */
const ADDRESS = /^(\[)?.*:(\d+)$/

/** Undefined where it listens on no TCP address, or in another network than this process. */
export function diagnose({ supervisor, listening, refused }: ServerView): Diagnosis | undefined {
  const addresses = listening.flatMap((address) => {
    const [, bracket, port] = address.startsWith('unix:') ? [] : (ADDRESS.exec(address) ?? [])
    return port === undefined ? [] : [{ family: bracket === undefined ? 'IPv4' : 'IPv6', port: Number(port) } as const]
  })
  if (supervisor === undefined || addresses.length === 0) return undefined
  if (linkOf(supervisor, 'ns/net', refused) !== readlinkSync('/proc/self/ns/net')) return undefined
  const sockets = addresses.flatMap(({ family, port }) => diagnoseTcp(family, port))
  const listeners = sockets.filter(({ isListening }) => isListening)
  if (listeners.length === 0) return undefined
  const sum = (of: (socket: TcpDiagnosis) => number): number => listeners.reduce((total, each) => total + of(each), 0)
  return {
    queue: { waiting: sum(({ receiveQueue }) => receiveQueue), limit: sum(({ sendQueue }) => sendQueue) },
    byInode: new Map(sockets.map((socket) => [socket.inode, socket])),
  }
}

/** An end of a stream, and its beginning, each take a number as a byte does. tcp(7) */
const NOT_BYTES = 2
const differs = (one: number, other: number): boolean => Math.abs(one - other) > NOT_BYTES

/** A connection as the scoreboard has it, in whatever process. */
type OnBoard = Pick<Served, 'client' | 'descriptor' | 'bytesRead' | 'bytesWritten'>

/** Of a process for one connection its own; of a worker those that it serves now. */
function connectionsOf({ role, client, descriptor, bytesRead, bytesWritten, serves }: ProcessView): OnBoard[] {
  if (role !== 'connection') return serves
  return client === undefined || descriptor === undefined || bytesRead === undefined || bytesWritten === undefined
    ? []
    : [{ client, descriptor, bytesRead, bytesWritten }]
}

function findingOf(pid: number, connection: OnBoard, { byInode }: Diagnosis, view: ServerView): Finding[] {
  const { client, descriptor, bytesRead, bytesWritten } = connection
  const socket = byInode.get(inodeOf(targetOf(pid, descriptor, view.refused)) ?? -1)
  if (socket?.bytes === undefined) return []
  const received = socket.bytes.received - socket.receiveQueue
  const sent = socket.bytes.acked + socket.sendQueue
  if (!differs(received, bytesRead) && !differs(sent, bytesWritten)) return []
  const text = `${pid} says that it has read ${bytesRead} bytes of ${client} and written ${bytesWritten}, the kernel says ${received} and ${sent}: somebody else uses its socket too`
  return [{ kind: 'bytes-differ', pid, text, lastsMs: 0 }]
}

/** Both were not read in the same moment: what differs in the same way twice is a warning. */
export const bytesThatDiffer = (view: ServerView, diagnosis: Diagnosis): Finding[] =>
  view.countsOtherBytes
    ? []
    : view.processes.flatMap((process) =>
        connectionsOf(process).flatMap((connection) => findingOf(process.pid, connection, diagnosis, view)),
      )
