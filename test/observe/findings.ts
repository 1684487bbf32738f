/** Planted trees. */
import type { Entry } from '../../src/observe/ledger.js'
import type { ProcessView, ServerView } from '../../src/observe/server-view.js'

export const process = (pid: number, role: ProcessView['role'], more: Partial<ProcessView> = {}): ProcessView => ({
  ...{ pid, role, parent: 2, depth: 1, id: undefined, state: 'sleeping', client: undefined, descriptor: undefined },
  ...{ occupation: undefined, connections: undefined, serves: [], startedMs: 0, bytesRead: undefined },
  ...{ bytesWritten: undefined, messages: undefined, cpuMs: 0, rssBytes: 0, anonymousBytes: 0, memory: undefined },
  ...{ name: 'node', title: 'node', onBoard: false, pendingSignals: [] },
  ...more,
})

export const view = (processes: ProcessView[], more: Partial<ServerView> = {}): ServerView => ({
  ...{ root: 1, launcher: 1, supervisor: 2, listening: [], processes, ends: [], totals: undefined, missing: [] },
  ...{ signals: [], signalCounts: [], answerTimes: undefined },
  ...{ endCounts: [], forkTimes: undefined, syncTimes: undefined, countsOtherBytes: false, isStore: false },
  ...{ boardless: undefined, refused: new Set<number>(), sockets: new Map() },
  ...more,
})

export const entry = (fd: number, target: string, access: Entry['access'] = 'read and write'): Entry => ({
  ...{ fd, target, access, what: '', nonBlocking: false, closeOnExec: true, alsoHeldBy: [], otherEndHeldBy: undefined },
  kind: target.startsWith('pipe:') ? 'pipe' : 'tcp',
})
