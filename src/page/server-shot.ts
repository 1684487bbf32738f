/** A server as one look has seen it, in plain data. */
import { printable } from '../libc/printable.js'
import { signalName } from '../libc/signal.js'
import type { End, EndCount } from '../observe/board-head.js'
import { statOf } from '../observe/process.js'
import type { ProcessView, ServerView } from '../observe/server-view.js'
import type { Finding } from '../observe/warnings.js'
import { describeExit, endedWell } from '../supervisor/exit-status.js'
import { Closeness } from './closeness.js'
import type { MemorySampler } from './memory-sampler.js'
import { shownPipes } from './pipes.js'
import { RunningTotals } from './running-totals.js'
import { servedBy } from './serving.js'
import type { EndShot, ProcessShot, ServerShot } from './shapes.js'

/** What is remembered of a server from one look to the next. */
export class ServerMemory {
  readonly totals = new RunningTotals()
  readonly closeness = new Closeness()
}

function processShot(process: ProcessView, sampler: MemorySampler, nowMs: number): ProcessShot {
  const { pid, parent, role, id, state, occupation, connections, startedMs, client, name } = process
  const { bytesRead, bytesWritten, messages, cpuMs, rssBytes, pendingSignals } = process
  const sample = state === 'zombie' ? undefined : sampler.of(process)
  return {
    ...{ pid, parent, role, id, state, occupation, connections, startedMs: Math.round(startedMs) },
    name: printable(name),
    client: client === undefined ? undefined : printable(client),
    ...{ bytesRead, bytesWritten, messages, cpuMs, rssBytes, ...sample?.memory },
    memoryAgeMs: sample && Math.round(nowMs - sample.atMs),
    pendingSignals: pendingSignals.length === 0 ? undefined : pendingSignals.map(signalName),
  }
}

const endShot = ({ pid, role, id, status, startedMs, endedMs }: End): EndShot => ({
  ...{ pid, role: role ?? 'process', id, endedMs },
  reason: describeExit(status),
  isWell: endedWell(status),
  livedMs: endedMs - startedMs,
})

const countShot = ({ role, status, count }: EndCount): ServerShot['endCounts'][number] => ({
  role: role ?? 'other',
  reason: status === undefined ? 'other' : describeExit(status),
  count,
})

/** Of a socket that listens the kernel shows as unread who waits to be accepted. proc_net_tcp(5) */
function waitingAt({ sockets, listening }: ServerView): number | undefined {
  const here = [...sockets.values()].flatMap((socket) =>
    socket.kind === 'tcp' && socket.state === 'LISTEN' && listening.includes(socket.local) ? [socket.unreadBytes] : [],
  )
  return here.length === 0 ? undefined : here.reduce((sum, waiting) => sum + waiting, 0)
}

const notesOf = ({ boardless, refused }: ServerView): string[] => [
  ...(boardless === undefined ? [] : [boardless]),
  ...(refused.size === 0 ? [] : [`another user’s, of which not everything may be read: ${[...refused].join(', ')}`]),
]

/** @param warnings those that have lasted @param nowMs by performance.now() */
export function serverShot(
  view: ServerView,
  warnings: readonly Finding[],
  memory: ServerMemory,
  sampler: MemorySampler,
  nowMs: number,
): ServerShot {
  const { root, launcher, supervisor, listening, processes, ends, forkTimes, syncTimes, answerTimes } = view
  const { closeness, totals } = memory
  const reapedMs = supervisor === undefined ? 0 : (statOf(supervisor, view.refused)?.reapedCpuMs ?? 0)
  return {
    ...{ root, launcher, supervisor, listening: listening.map(printable) },
    connections: processes.reduce((sum, process) => sum + servedBy(process), 0),
    waiting: closeness.queue?.waiting ?? waitingAt(view),
    waitingLimit: closeness.queue?.limit,
    forkTimes,
    answerTimes,
    syncTimes: view.isStore ? syncTimes : undefined,
    pipes: shownPipes(closeness.pipes),
    totals: totals.totals(view),
    cpuMs: totals.cpuMs(view, reapedMs),
    endCounts: view.endCounts.map(countShot),
    ends: ends.map(endShot),
    signals: view.signals.map(({ signal, ...sent }) => ({ ...sent, signal: signalName(signal) })),
    signalCounts: view.signalCounts.map(({ signal, count }) => ({ signal: signalName(signal), count })),
    warnings: warnings.map(({ kind, pid, text }) => ({ kind, pid, text: printable(text) })),
    notes: notesOf(view),
    processes: processes.map((process) => processShot(process, sampler, nowMs)),
  }
}
