/**
 * PSS and own memory of processes, which the kernel adds up page by page: as many are read at each look as take a hundredth of a core,
 * those whose reading is oldest first.
 */
import { type Memory, memoryOf } from '../observe/process.js'
import type { ProcessView, ServerView } from '../observe/server-view.js'
import { spentCpuMs } from './spent.js'

/** Of one core. */
const SHARE = 0.01
/** However long nobody has asked: a look is not to take a second for what it has missed. */
const MOST_MS = 50
/** The same process has this start in every look, but for what the clock has been set meanwhile. */
const SAME_START_MS = 2000

export interface Sample {
  memory: Memory
  atMs: number
}

interface Kept {
  startedMs: number
  sample: Sample
}

export class MemorySampler {
  readonly #read: typeof memoryOf
  #kept = new Map<number, Kept>()
  #lastMs: number | undefined

  /** @param read for tests: /proc otherwise */
  constructor(read: typeof memoryOf = memoryOf) {
    this.#read = read
  }

  of({ pid, startedMs }: ProcessView): Sample | undefined {
    const kept = this.#kept.get(pid)
    return kept !== undefined && Math.abs(kept.startedMs - startedMs) < SAME_START_MS ? kept.sample : undefined
  }

  /** Reads some, and forgets who is gone. */
  sample(views: readonly ServerView[], nowMs = performance.now()): void {
    const budgetMs = Math.min(MOST_MS, SHARE * (this.#lastMs === undefined ? Infinity : nowMs - this.#lastMs))
    this.#lastMs = nowMs
    const before = this.#kept
    const all = views.flatMap((view) => view.processes.map((process) => ({ process, refused: view.refused })))
    const ageOf = ({ process }: (typeof all)[number]): number => this.of(process)?.atMs ?? -1
    const waiting = all.filter(({ process }) => process.state !== 'zombie').sort((a, b) => ageOf(a) - ageOf(b))
    this.#kept = new Map(
      all.flatMap(({ process: { pid } }) => {
        const kept = before.get(pid)
        return kept === undefined ? [] : [[pid, kept]]
      }),
    )
    const end = spentCpuMs() + budgetMs
    for (const { process, refused } of waiting) {
      const memory = this.#read(process.pid, refused)
      if (memory !== undefined)
        this.#kept.set(process.pid, { startedMs: process.startedMs, sample: { memory, atMs: nowMs } })
      if (spentCpuMs() >= end) return
    }
  }
}
