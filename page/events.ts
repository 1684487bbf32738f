/** What has happened to each process of a server, as far as it was seen. */
import type { ProcessShot, ServerShot } from '../src/page/shapes.ts'
import { newEnds } from './flights.ts'

export type Happened =
  /** @property other pid of who has sent it, or was sent it; 0 for one that is not known */
  | { what: 'came' | 'sent'; signal: string; other: number }
  | { what: 'became'; state: string }
  | { what: 'ended'; reason: string }

export type Event = Happened & { atMs: number }

/** Of a process, and processes that have ended. */
const MOST_EVENTS = 12
const MOST_ENDED = 200
/** What is not worth a line: they change from moment to moment. */
const CALM = ['running', 'sleeping', 'idle', 'waiting for disk']

const calm = (state: string): string => (CALM.includes(state) ? 'sleeping' : state)

export class Events {
  #last: ServerShot | undefined
  readonly #events = new Map<number, Event[]>()

  add(timeMs: number, server: ServerShot): void {
    const last = this.#last
    this.#last = server
    const known = last?.signals[0]?.number ?? 0
    for (const { number, signal, from, to, sentMs } of server.signals.toReversed()) {
      if (number <= known) continue
      this.#note(to, { atMs: sentMs, what: 'came', signal, other: from })
      if (from > 0) this.#note(from, { atMs: sentMs, what: 'sent', signal, other: to })
    }
    const before = new Map((last?.processes ?? []).map((process) => [process.pid, process]))
    for (const process of server.processes) this.#compare(before.get(process.pid), process, timeMs)
    for (const { pid, reason, endedMs } of last === undefined ? [] : newEnds(last, server).toReversed()) {
      this.#note(pid, { atMs: endedMs, what: 'ended', reason })
      if (server.supervisor !== undefined)
        this.#note(server.supervisor, { atMs: endedMs, what: 'came', signal: 'SIGCHLD', other: pid })
    }
    this.#forget(server)
  }

  /** Newest first. */
  of = (pid: number): readonly Event[] => this.#events.get(pid) ?? []

  #compare(before: ProcessShot | undefined, { pid, state }: ProcessShot, atMs: number): void {
    if (calm(before?.state ?? 'sleeping') !== calm(state)) this.#note(pid, { atMs, what: 'became', state })
  }

  #note(pid: number, event: Event): void {
    this.#events.set(pid, [event, ...this.of(pid)].slice(0, MOST_EVENTS))
  }

  /** Those that ended first. */
  #forget({ processes }: ServerShot): void {
    const there = new Set(processes.map(({ pid }) => pid))
    const ended = [...this.#events.keys()].filter((pid) => !there.has(pid))
    for (const pid of ended.slice(0, Math.max(0, ended.length - MOST_ENDED))) this.#events.delete(pid)
  }
}
