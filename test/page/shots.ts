/** Planted snapshots. */
import type { ProcessShot, ServerShot, Snapshot } from '../../src/page/shapes.js'

export const processShot = (pid: number, role: string, more: Partial<ProcessShot> = {}): ProcessShot => ({
  ...{ pid, role, parent: 2, name: 'node', state: 'sleeping', startedMs: 0, cpuMs: 0, rssBytes: 0 },
  ...more,
})

export const serverOf = (processes: ProcessShot[], more: Partial<ServerShot> = {}): ServerShot => ({
  ...{ root: 1, launcher: 1, supervisor: 2, listening: ['127.0.0.1:9190'], connections: 0, cpuMs: {}, endCounts: [] },
  ...{ ends: [], signals: [], signalCounts: [], warnings: [], notes: [], pipes: [], processes },
  ...more,
})

export const snapshotOf = (servers: ServerShot[], more: Partial<Snapshot> = {}): Snapshot => ({
  ...{ version: 1, timeMs: 0, lookCpuMs: 5, everyMs: 1000, servers },
  ...more,
})
