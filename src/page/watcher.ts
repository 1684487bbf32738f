/** Looks at the servers when somebody asks, but seldom enough: once a refresh for all who ask, and for a few hundredths of a core. */
import { look } from '../observe/look.js'
import type { ServerView } from '../observe/server-view.js'
import { type Finding, findingsOf, Patience } from '../observe/warnings.js'
import { MemorySampler } from './memory-sampler.js'
import { Pace } from './pace.js'
import { ServerMemory, serverShot } from './server-shot.js'
import type { Snapshot } from './shapes.js'
import { SocketTables } from './socket-tables.js'
import { spentCpuMs } from './spent.js'

/** To search for servers means to ask every process of the machine. */
const SEARCH_MS = 5000

export class Watcher {
  readonly #pid: number | undefined
  readonly #pace: Pace
  readonly #sampler = new MemorySampler()
  readonly #tables = new SocketTables()
  readonly #patience = new Patience()
  #found: Finding[][] = []
  #memories = new Map<number, ServerMemory>()
  #known: number[] = []
  #searchedMs = -Infinity
  #views: ServerView[] = []
  #snapshot: Snapshot | undefined

  /** @param pid undefined for all servers @param refreshMs the least time between two looks */
  constructor(pid: number | undefined, refreshMs: number) {
    this.#pid = pid
    this.#pace = new Pace(refreshMs)
  }

  /** The last look, or a new one when that is old enough. */
  snapshot(nowMs = performance.now()): Snapshot {
    if (this.#snapshot !== undefined && !this.#pace.isDue(nowMs)) return this.#snapshot
    const before = spentCpuMs()
    const shot = this.#look(nowMs)
    const lookCpuMs = spentCpuMs() - before
    this.#pace.done(nowMs, lookCpuMs)
    this.#snapshot = { version: 1, timeMs: Date.now(), lookCpuMs, everyMs: this.#pace.everyMs, ...shot }
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
    const memories = this.#views.map(
      ({ supervisor, root }) => this.#memories.get(supervisor ?? root) ?? new ServerMemory(),
    )
    const found = this.#views.map((view, place) => [
      ...this.#findingsOf(view, before),
      ...(memories[place] as ServerMemory).closeness.look(view, nowMs),
    ])
    this.#found = found
    const ripe = new Set<Finding>(this.#patience.ripe(found.flat(), nowMs))
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
