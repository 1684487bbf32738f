/** What the charts show: differences between one look and the next, of the last minutes. */
import { bucketsSince, percentileMs } from '../src/observe/percentile.ts'
import { SERVING, servedBy } from '../src/page/serving.ts'
import type { ServerShot, TimesShot } from '../src/page/shapes.ts'

const KEPT = 300

export const FIGURES = ['accepted', 'messages', 'answer', 'lasted', 'memory', 'waiting', 'fork', 'sync'] as const
export type Figure = (typeof FIGURES)[number]

/** There is none of them at a look between which and the one before nothing was done: the last one is shown. */
export const SOMETIMES: readonly Figure[] = ['answer', 'lasted', 'fork', 'sync']

/** Null where it is not known. */
type Value = number | null

export class History {
  readonly timesS: number[] = []
  readonly values = Object.fromEntries(FIGURES.map((figure) => [figure, []])) as unknown as Record<Figure, Value[]>
  /** Beside the median of answers what one of a hundred is above. */
  readonly slowAnswers: Value[] = []
  #last: { timeMs: number; server: ServerShot } | undefined

  add(timeMs: number, server: ServerShot): void {
    const last = this.#last
    if (last !== undefined && timeMs <= last.timeMs) return
    const rate = (name: 'accepted' | 'messages'): Value => {
      const [before, now] = [last?.server.totals?.[name], server.totals?.[name]]
      if (last === undefined || before === undefined || now === undefined) return null
      return ((now - before) * 1000) / (timeMs - last.timeMs)
    }
    const answers = last && answersMs(last.server.answerTimes, server.answerTimes)
    const added: Record<Figure, Value> = {
      accepted: rate('accepted'),
      messages: rate('messages'),
      answer: answers?.median ?? null,
      lasted: last === undefined ? null : medianLastedMs(last.server, server),
      memory: memoryPerConnection(server),
      waiting: server.waiting ?? null,
      fork: meanMs(last?.server.forkTimes, server.forkTimes),
      sync: meanMs(last?.server.syncTimes, server.syncTimes),
    }
    this.timesS.push(timeMs / 1000)
    for (const figure of FIGURES) this.values[figure].push(added[figure])
    this.slowAnswers.push(answers?.slow ?? null)
    const lists = [this.timesS, this.slowAnswers, ...Object.values(this.values)]
    if (this.timesS.length > KEPT) for (const list of lists) list.shift()
    this.#last = { timeMs, server }
  }

  /** The newest; null where it is not known. */
  now = (figure: Figure): Value =>
    SOMETIMES.includes(figure)
      ? (this.values[figure].findLast((value) => value !== null) ?? null)
      : (this.values[figure].at(-1) ?? null)

  /** Of the last look at which there were answers. */
  get slowAnswersNow(): Value {
    return this.slowAnswers.findLast((value) => value !== null) ?? null
  }

  /** How many clients may wait; undefined where it is not known. */
  get waitingLimit(): number | undefined {
    return this.#last?.server.waitingLimit
  }

  /** Only where there is such a thing: a store, a fork, a process for each connection. */
  isShown(figure: Figure): boolean {
    if (figure === 'sync') return this.#last?.server.syncTimes !== undefined
    if (figure === 'fork') return this.#last?.server.processes.every(({ role }) => role !== 'single') ?? true
    if (figure === 'answer') return this.#last?.server.answerTimes !== undefined
    return figure !== 'lasted' || this.#last === undefined || servedByProcesses(this.#last.server)
  }
}

const isConnection = ({ role }: { role: string }): boolean => role === 'connection'

const servedByProcesses = ({ processes, ends }: ServerShot): boolean =>
  processes.some(isConnection) || ends.some(isConnection)

/** Of the connections that have ended since the look before, as far as they are among the last ends, which come newest first. */
function medianLastedMs(before: ServerShot, { ends }: ServerShot): Value {
  const [last] = before.ends
  const known = ends.findIndex(({ pid, endedMs }) => pid === last?.pid && endedMs === last.endedMs)
  const lasted = ends
    .slice(0, known < 0 ? undefined : known)
    .filter(isConnection)
    .map(({ livedMs }) => livedMs)
  return lasted.sort((one, other) => one - other)[lasted.length >> 1] ?? null
}

/** Of those since the last look. */
function answersMs(before: TimesShot | undefined, now: TimesShot | undefined): { median: Value; slow: Value } {
  const since = before === undefined || now === undefined ? [] : bucketsSince(before.buckets, now.buckets)
  return { median: percentileMs(since, 0.5) ?? null, slow: percentileMs(since, 0.99) ?? null }
}

/** Of those since the last look; null where there were none, and where a writer has begun anew. */
function meanMs(before: TimesShot | undefined, now: TimesShot | undefined): Value {
  const count = (now?.count ?? 0) - (before?.count ?? 0)
  return before === undefined || now === undefined || count <= 0 ? null : (now.sumMs - before.sumMs) / count
}

/** PSS of the processes that serve and were measured, for each connection that these have. */
function memoryPerConnection({ processes }: ServerShot): Value {
  const measured = processes.filter(
    (each) => SERVING.some((role) => role === each.role) && each.pssBytes !== undefined && servedBy(each) > 0,
  )
  const connections = measured.reduce((sum, each) => sum + servedBy(each), 0)
  if (connections === 0) return null
  return measured.reduce((sum, { pssBytes = 0 }) => sum + pssBytes, 0) / connections
}
