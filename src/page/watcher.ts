/** Looks at the servers when somebody asks, but seldom enough: once a refresh for all who ask, and for a few hundredths of a core. */
import { look } from '../observe/look.js'
import type { ServerView } from '../observe/server-view.js'
import { type Finding, findingsOf, Patience } from '../observe/warnings.js'
import { MemorySampler } from './memory-sampler.js'
import { ServerMemory, serverShot } from './server-shot.js'
import type { Snapshot } from './shapes.js'

/** Of one core, for looks that are costly: the next one waits so long. */
const SHARE = 0.03
/** To search for servers means to ask every process of the machine. */
const SEARCH_MS = 5000

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Who asks needs no more of it. */
export type Looks = Pick<Watcher, 'snapshot' | 'viewWith'>

export class Watcher {
  readonly #pid: number | undefined
  readonly #refreshMs: number
  readonly #sampler = new MemorySampler()
  readonly #patience = new Patience()
  #memories = new Map<number, ServerMemory>()
  #known: number[] = []
  #searchedMs = -Infinity
  #views: ServerView[] = []
  #snapshot: Snapshot | undefined
  #lookedMs = 0
  /** Of the last look; the first one is not what looks cost. */
  #lookCpuMs = 0

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
    this.#lookedMs = nowMs
    const before = cpuMs()
    const shot = this.#look(nowMs)
    const lookCpuMs = cpuMs() - before
    // one that was costly by itself, for garbage was collected, says nothing
    const usualCpuMs = Math.min(lookCpuMs, this.#lookCpuMs)
    this.#lookCpuMs = lookCpuMs
    const everyMs = Math.max(this.#refreshMs, Math.ceil(usualCpuMs / SHARE))
    this.#snapshot = { version: 1, timeMs: Date.now(), lookCpuMs, everyMs, ...shot }
    return this.#snapshot
  }

  /** What the last look has seen of a process: the tree it is in. */
  viewWith(pid: number): ServerView | undefined {
    return this.#views.find(({ processes }) => processes.some((process) => process.pid === pid))
  }

  #look(nowMs: number): Pick<Snapshot, 'servers' | 'problem'> {
    try {
      this.#views = this.#see(nowMs)
    } catch (error) {
      this.#views = []
      return { servers: [], problem: (error as Error).message.replace(/^ps: /, '') }
    }
    this.#sampler.sample(this.#views, nowMs)
    const found = this.#views.map((view) => findingsOf(view))
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

  #see(nowMs: number): ServerView[] {
    if (this.#pid !== undefined) return this.#remember(look(this.#pid, this.#known))
    if (this.#known.length > 0 && nowMs - this.#searchedMs < SEARCH_MS) {
      const views = this.#known.flatMap((supervisor) => this.#lookAgain(supervisor))
      if (views.length === this.#known.length) return views
    }
    this.#searchedMs = nowMs
    return this.#remember(look(undefined, this.#known))
  }

  /** None where the supervisor is gone, or its pid another process's by now. */
  #lookAgain(supervisor: number): ServerView[] {
    try {
      return look(supervisor, [supervisor]).filter((view) => view.supervisor === supervisor)
    } catch {
      return []
    }
  }

  #remember(views: ServerView[]): ServerView[] {
    this.#known = views.flatMap(({ supervisor }) => supervisor ?? [])
    return views
  }
}
