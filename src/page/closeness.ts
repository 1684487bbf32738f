/** A closer look at a server, which costs more than the others: descriptors, and what socket diagnostics tell. */
import { bytesThatDiffer, type Diagnosis, diagnose } from '../observe/diagnosis.js'
import { leaksIn } from '../observe/leaks.js'
import { ledgerOf } from '../observe/ledger.js'
import type { ServerView } from '../observe/server-view.js'
import type { Finding } from '../observe/warnings.js'
import { comparedOf } from './compared.js'
import { type Pipe, pipesIn } from './pipes.js'
import { Seldom } from './seldom.js'

/** Of one core, each. */
const SHARE = 0.01
/** What was read in two moments may differ for a moment. */
const APART_MS = 1000

export class Closeness {
  readonly #held = new Seldom<Pipe[]>(SHARE)
  readonly #told = new Seldom<Diagnosis['queue'] | undefined>(SHARE)
  readonly #leaks = new Lasting()
  readonly #differing = new Lasting()
  pipes: readonly Pipe[] = []
  queue: Diagnosis['queue'] | undefined

  /** @returns warnings that `tined ps --fds` has as well, and those of bytes */
  look(view: ServerView, nowMs: number): Finding[] {
    this.pipes = this.#held.get(nowMs, () => {
      const ledger = ledgerOf({ ...view, processes: comparedOf(view) })
      this.#leaks.add(leaksIn(ledger, view), nowMs)
      return pipesIn(ledger, [view.launcher, view.supervisor])
    })
    this.queue = this.#told.get(nowMs, () => {
      const diagnosis = diagnose(view)
      this.#differing.add(diagnosis === undefined ? [] : bytesThatDiffer(view, diagnosis), nowMs)
      return diagnosis?.queue
    })
    const there = new Set(view.processes.map(({ pid }) => pid))
    return [...this.#leaks.found, ...this.#differing.found].filter(({ pid }) => there.has(pid))
  }
}

/** What two looks have found that are far enough apart. */
class Lasting {
  #before: readonly Finding[] = []
  #sinceMs = Number.NEGATIVE_INFINITY
  found: Finding[] = []

  add(findings: readonly Finding[], nowMs: number): void {
    const now = findings.map((each) => ({ ...each, lastsMs: 0 }))
    const among = (those: readonly Finding[]): Finding[] =>
      now.filter(({ text }) => those.some((each) => each.text === text))
    const both = among(this.#before)
    if (nowMs - this.#sinceMs < APART_MS) {
      // what was gone in between has not lasted
      this.#before = both
      this.found = among(this.found)
      return
    }
    this.found = both
    this.#before = now
    this.#sinceMs = nowMs
  }
}
