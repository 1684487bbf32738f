/** Looks at the servers when somebody asks, but seldom enough: once a refresh for all who ask, and for a few hundredths of a core. */
import { look } from '../observe/look.js'
import type { ServerView } from '../observe/server-view.js'
import { type Finding, findingsOf, Patience } from '../observe/warnings.js'
import { MemorySampler } from './memory-sampler.js'
import { ServerMemory, serverShot } from './server-shot.js'
import type { Snapshot } from './shapes.js'
import { SocketTables } from './socket-tables.js'
import { spentCpuMs } from './spent.js'

/** Of one core, for looks that are costly: the next one waits so long. */
const SHARE = 0.03
/** What was not used of it may be used later, for the first looks above all, which are the most costly. */
const MOST_SAVED_MS = 500
/** To search for servers means to ask every process of the machine. */
const SEARCH_MS = 5000

/** Who asks needs no more of it. */
export type Looks = Pick<Watcher, 'snapshot' | 'viewWith'>

export class Watcher {
  readonly #pid: number | undefined
  readonly #refreshMs: number
  readonly #sampler = new MemorySampler()
  readonly #tables = new SocketTables()
  readonly #patience = new Patience()
  #found: Finding[][] = []
  #memories = new Map<number, ServerMemory>()
  #known: number[] = []
  #searchedMs = -Infinity
  #views: ServerView[] = []
  #snapshot: Snapshot | undefined
  #lookedMs = 0
  /** CPU time that looks may take at once; below zero after more than that. */
  #savedMs = MOST_SAVED_MS

  /** @param pid undefined for all servers @param refreshMs the least time between two looks */
  constructor(pid: number | undefined, refreshMs: number) {
    this.#pid = pid
    this.#refreshMs = refreshMs
  }

  /** The last look, or a new one when that is old enough. */
  snapshot(nowMs = performance.now()): Snapshot {
    const last = this.#snapshot
    // a timer of this very interval may come a little early
    if (last !== undefined && nowMs - this.#lookedMs < last.everyMs * 0.9) return last
    this.#savedMs = Math.min(MOST_SAVED_MS, this.#savedMs + (nowMs - this.#lookedMs) * SHARE)
    this.#lookedMs = nowMs
    const before = spentCpuMs()
    const shot = this.#look(nowMs)
    const lookCpuMs = spentCpuMs() - before
    this.#savedMs -= lookCpuMs
    const everyMs = Math.max(this.#refreshMs, Math.ceil(-this.#savedMs / SHARE))
    this.#snapshot = { version: 1, timeMs: Date.now(), lookCpuMs, everyMs, ...shot }
    return this.#snapshot
  }

  /** What the last look has seen of a process: the tree it is in. */
  viewWith(pid: number): ServerView | undefined {
    return this.#views.find(({ processes }) => processes.some((process) => process.pid === pid))
  }

  #look(nowMs: number): Pick<Snapshot, 'servers' | 'problem'> {
    const before = this.#found.flat()
    this.#tables.begin(nowMs)
    try {
      this.#views = this.#see(nowMs)
    } catch (error) {
      this.#views = []
      return { servers: [], problem: (error as Error).message.replace(/^ps: /, '') }
    }
    this.#sampler.sample(this.#views, nowMs)
    const found = this.#views.map((view) => this.#findingsOf(view, before))
    this.#found = found
    const ripe = new Set<Finding>(this.#patience.ripe(found.flat(), nowMs))
    const memories = this.#views.map(
      ({ supervisor, root }) => this.#memories.get(supervisor ?? root) ?? new ServerMemory(),
    )
    this.#memories = new Map(
      this.#views.map(({ supervisor, root }, place) => [supervisor ?? root, memories[place] as ServerMemory]),
    )
    const servers = this.#views.map((view, place) => {
      const warnings = (found[place] as Finding[]).filter((finding) => ripe.has(finding))
      return serverShot(view, warnings, memories[place] as ServerMemory, this.#sampler, nowMs)
    })
    return { servers }
  }

  /** @param before of the last look: who had no socket then has none now, and an old table says nothing of new ones */
  #findingsOf(view: ServerView, before: readonly Finding[]): Finding[] {
    const now = findingsOf(view)
    if (this.#tables.isFresh) return now
    const pids = new Set(view.processes.map(({ pid }) => pid))
    const kept = before.filter(({ kind, pid }) => kind === 'no-socket' && pids.has(pid))
    return [...now.filter(({ kind }) => kind !== 'no-socket'), ...kept]
  }

  #see(nowMs: number): ServerView[] {
    if (this.#pid !== undefined) return this.#remember(look(this.#pid, this.#known, this.#tables.of))
    if (this.#known.length > 0 && nowMs - this.#searchedMs < SEARCH_MS) {
      const views = this.#known.flatMap((supervisor) => this.#lookAgain(supervisor))
      if (views.length === this.#known.length) return views
    }
    this.#searchedMs = nowMs
    return this.#remember(look(undefined, this.#known, this.#tables.of))
  }

  /** None where the supervisor is gone, or its pid another process's by now. */
  #lookAgain(supervisor: number): ServerView[] {
    try {
      return look(supervisor, [supervisor], this.#tables.of).filter((view) => view.supervisor === supervisor)
    } catch {
      return []
    }
  }

  #remember(views: ServerView[]): ServerView[] {
    this.#known = views.flatMap(({ supervisor }) => supervisor ?? [])
    return views
  }
}
