/** What is known of a tree: what the kernel says, joined with what its scoreboard says. */
import { BUSY, IDLE } from '../reactor/slot.js'
import { type Board, readBoard, type Shown, type Totals } from './board.js'
import type { End, EndCount, SentSignal, TimesTaken } from './board-head.js'
import { type Memory, memoryOf, type State } from './process.js'
import { descriptorNumbersOf, type Refused, targetOf } from './read.js'
import { inodeOf, type Sockets, type socketsSeenBy } from './sockets.js'
import type { Tree } from './trees.js'

export type ShownRole =
  | 'launcher'
  | 'supervisor'
  | 'connection'
  | 'prefork'
  | 'worker'
  | 'single'
  | 'writer'
  | 'forwarder'
  | 'page'
  | 'program'
  | 'orphan'

/** A connection that a worker serves. */
export interface Served {
  id: number
  client: string
  descriptor: number
  startedMs: number
  bytesRead: number
  bytesWritten: number
  messages: number
}

export interface ProcessView {
  pid: number
  parent: number
  depth: number
  role: ShownRole | 'process'
  /** Of a connection or a worker. */
  id: number | undefined
  state: State
  client: string | undefined
  /** Of its client's socket, as the scoreboard has it. */
  descriptor: number | undefined
  /** Of a worker that serves one at a time. */
  occupation: 'starting' | 'idle' | 'busy' | undefined
  /** Of a worker that serves many. */
  connections: number | undefined
  serves: Served[]
  startedMs: number
  bytesRead: number | undefined
  bytesWritten: number | undefined
  messages: number | undefined
  cpuMs: number
  rssBytes: number
  anonymousBytes: number
  /** Sent to it, and not yet taken. */
  pendingSignals: number[]
  memory: Memory | undefined
  /** Its name of 15 bytes, and its arguments: any bytes. */
  name: string
  title: string
  /** Whether the scoreboard knows it. */
  onBoard: boolean
}

export interface ServerView {
  root: number
  launcher: number | undefined
  supervisor: number | undefined
  /** `127.0.0.1:9190`, `unix:/run/x.sock` */
  listening: string[]
  processes: ProcessView[]
  ends: End[]
  /** Of those that have ended since it was ready. */
  endCounts: EndCount[]
  /** undefined where there is no scoreboard. */
  totals: Totals | undefined
  forkTimes: TimesTaken | undefined
  syncTimes: TimesTaken | undefined
  answerTimes: TimesTaken | undefined
  /** The last that the supervisor has sent and was sent, newest first, with the pids that the kernel has for them. */
  signals: SentSignal[]
  signalCounts: Board['signalCounts']
  /** Then the kernel counts other bytes than the scoreboard. */
  countsOtherBytes: boolean
  isStore: boolean
  /** Running according to the scoreboard, by the pids that the kernel has for them, or else the supervisor's. */
  missing: Shown[]
  /** Why there is no scoreboard; undefined where there is one, and where there cannot be. */
  boardless: string | undefined
  refused: Refused
  sockets: Sockets
}

const TITLE = /^tined: (connection|prefork|worker|writer|forwarder|page)(?: ([^#]\S*))?(?: #(\d+))?/

/** What a process calls itself, where there is no board: any process can call itself anything. */
function calledBy(title: string): Pick<ProcessView, 'role' | 'id' | 'client'> {
  const [, role, client, id] = TITLE.exec(title) ?? []
  return {
    role: (role as ShownRole | undefined) ?? 'program',
    id: id === undefined ? undefined : Number(id),
    client: client === undefined ? undefined : client,
  }
}

const servedOf = ({ id, client, descriptor, startedMs, bytesRead, bytesWritten, messages }: Shown): Served => ({
  ...{ id, client, descriptor, startedMs },
  ...{ bytesRead, bytesWritten, messages },
})

function fromBoard(shown: Shown, rows: readonly Shown[]): Partial<ProcessView> {
  const { role, bytesRead, bytesWritten, messages, state } = shown
  const serves = rows.map(servedOf)
  const [only] = serves
  const traffic = { bytesRead, bytesWritten, messages, serves, onBoard: true }
  if (role === 'connection')
    return { ...traffic, role, id: shown.id, client: shown.client, descriptor: shown.descriptor }
  if (role === 'prefork')
    return {
      ...traffic,
      role,
      occupation: state === BUSY ? 'busy' : state === IDLE ? 'idle' : 'starting',
      ...(state === BUSY && only !== undefined ? { client: only.client, descriptor: only.descriptor } : {}),
    }
  if (role === 'worker' || role === 'single') return { ...traffic, role, connections: shown.connections }
  return { role: role ?? 'program', onBoard: true }
}

/** What `--page` starts: below the launcher, and it says so. */
const isPage = ({ title, depth }: Tree['processes'][number], { launcher }: Tree): boolean =>
  launcher !== undefined && depth <= MOST_PAGE_DEPTH && saysPage(title)
const saysPage = (title: string): boolean => calledBy(title).role === 'page'

/** Of two processes where it runs as root. */
const MOST_PAGE_DEPTH = 2

/** What is forked and noted meanwhile is not unknown: only for so long. */
const NOTED_MS = 200
const unknown = (startedMs: number): Partial<ProcessView> =>
  Date.now() - startedMs > NOTED_MS ? { role: 'orphan' } : {}

function viewOf(facts: Tree['processes'][number], tree: Tree, board: Board | undefined): ProcessView {
  const { pid, innerPid, parent, depth, state, startedMs, cpuMs, rssBytes, anonymousBytes, name, title } = facts
  const { pendingSignals } = facts
  const isChild = parent === tree.supervisor
  const shown = isChild ? board?.processes.get(innerPid) : undefined
  const called = tree.supervisor !== undefined && isChild ? calledBy(title) : undefined
  const above =
    tree.supervisor === undefined
      ? 'process'
      : pid === tree.supervisor
        ? 'supervisor'
        : pid === tree.launcher
          ? 'launcher'
          : isPage(facts, tree)
            ? 'page'
            : 'program'
  return {
    ...{ pid, parent, depth, state, startedMs, cpuMs, rssBytes, anonymousBytes, name, title, pendingSignals },
    ...{ role: above, id: called?.id, client: undefined, descriptor: undefined, occupation: undefined },
    ...{ connections: undefined, serves: [], onBoard: false, memory: undefined },
    ...{ bytesRead: undefined, bytesWritten: undefined, messages: undefined },
    // an orphan that was adopted may still bear its parent's title
    ...(board === undefined ? called : { id: called?.id, ...(isChild ? unknown(startedMs) : {}) }),
    ...(shown === undefined
      ? {}
      : fromBoard(
          shown,
          (board?.rows ?? []).filter((row) => row.pid === innerPid),
        )),
  }
}

function listenersOf(supervisor: number, sockets: Sockets, refused: Refused): string[] {
  const found = descriptorNumbersOf(supervisor, refused).flatMap((fd) => {
    const socket = sockets.get(inodeOf(targetOf(supervisor, fd, refused)) ?? -1)
    return socket?.state === 'LISTEN' ? [socket.kind === 'tcp' ? socket.local : socket.path] : []
  })
  return [...new Set(found)]
}

/** Of model single: what its only process shows. */
interface Single {
  shown: Shown
  rows: readonly Shown[]
}

function singleOf({ processes, rows }: Board): Single | undefined {
  const shown = [...processes.values()].find(({ role }) => role === 'single')
  return shown && { shown, rows }
}

function besideSingle(process: ProcessView, root: number, { shown, rows }: Single): ProcessView {
  if (process.pid === root) return { ...process, ...fromBoard(shown, rows) }
  return { ...process, role: process.depth <= MOST_PAGE_DEPTH && saysPage(process.title) ? 'page' : 'program' }
}

/** @param before the board as it was before the processes were looked at: who is on neither is not on it */
export function joined(
  tree: Tree,
  before: Board | string | undefined,
  refused: Refused,
  socketsOf: typeof socketsSeenBy,
): ServerView {
  const { root, launcher } = tree
  // one process that serves is its own supervisor; of what is no server it is not said that it has no board
  const found = readBoard(tree.supervisor ?? root, tree.supervisor === undefined ? new Set() : refused)
  const single = tree.supervisor === undefined && typeof found === 'object' ? singleOf(found) : undefined
  const supervisor = tree.supervisor ?? (single && root)
  const after = supervisor === undefined ? undefined : found
  const board = typeof after === 'object' ? after : undefined
  const old = typeof before === 'object' ? before.processes : undefined
  const both = board && { ...board, processes: new Map([...(old ?? []), ...board.processes]) }
  const sockets = socketsOf(supervisor ?? root, refused)
  const there = new Map(tree.processes.map(({ innerPid, pid }) => [innerPid, pid]))
  const outer = (innerPid: number): number => there.get(innerPid) ?? innerPid
  return {
    ...{ root, launcher, supervisor, refused, sockets },
    listening: supervisor === undefined ? [] : listenersOf(supervisor, sockets, refused),
    processes: tree.processes.map((facts) =>
      single === undefined ? viewOf(facts, tree, both) : besideSingle(viewOf(facts, tree, undefined), root, single),
    ),
    ends: board?.ends ?? [],
    endCounts: board?.endCounts ?? [],
    totals: board?.totals,
    forkTimes: board?.forkTimes,
    syncTimes: board?.syncTimes,
    answerTimes: board?.answerTimes,
    signals: board?.signals.map((sent) => ({ ...sent, from: outer(sent.from), to: outer(sent.to) })) ?? [],
    signalCounts: board?.signalCounts ?? [],
    countsOtherBytes: board?.countsOtherBytes ?? false,
    isStore: board?.isStore ?? false,
    missing: [...(board?.processes.values() ?? [])].filter(({ pid }) => old?.has(pid) && !there.has(pid)),
    boardless: typeof after === 'string' ? after : undefined,
  }
}

/** Reads what is costly, of those that are shown. */
export function readMemory(processes: readonly ProcessView[], refused: Refused): void {
  for (const process of processes) process.memory ??= memoryOf(process.pid, refused)
}
