/** What a server has counted, such that no figure ever falls: one look cannot read everything in the same moment. */
import type { ServerView } from '../observe/server-view.js'
import { SERVING } from './serving.js'
import type { TotalsShot } from './shapes.js'

const BESIDE: readonly string[] = ['launcher', 'supervisor', 'page']

/** Who serves connections there; `connection` where nobody does yet. */
export const servingRoleOf = ({ processes }: ServerView): string =>
  SERVING.find((serving) => processes.some(({ role }) => role === serving)) ?? 'connection'

export class RunningTotals {
  #totals: TotalsShot | undefined
  readonly #cpuMs = new Map<string, number>()
  #serving: string | undefined

  /** Undefined as long as the server has shown no scoreboard. */
  totals({ totals, processes, ends }: ServerView): TotalsShot | undefined {
    if (totals === undefined) return this.#totals
    // in model fork only the number of a connection tells how many there were
    const numbers = [...processes, ...ends].map(({ role, id }) => (role === 'connection' ? (id ?? 0) : 0))
    const now = { ...totals, accepted: Math.max(totals.accepted, ...numbers) }
    const last = this.#totals ?? now
    const most = (name: keyof TotalsShot): number => Math.max(last[name], now[name])
    this.#totals = {
      ...{ accepted: most('accepted'), forked: most('forked'), reaped: most('reaped') },
      ...{ bytesRead: most('bytesRead'), bytesWritten: most('bytesWritten'), messages: most('messages') },
    }
    return this.#totals
  }

  /** @param reapedMs of the supervisor's children that have ended */
  cpuMs(view: ServerView, reapedMs: number): Record<string, number> {
    const isServing = view.processes.some(({ role }) => !BESIDE.includes(role))
    if (isServing) this.#serving ??= servingRoleOf(view)
    const serving = this.#serving ?? 'connection'
    const now = new Map<string, number>(view.supervisor === undefined ? [] : [[serving, reapedMs]])
    for (const { role, cpuMs } of view.processes) now.set(role, (now.get(role) ?? 0) + cpuMs)
    for (const [role, ms] of now) {
      // a writer or a launcher that was started anew begins at 0, as Prometheus expects; children of the supervisor never do
      const isSum = role === serving
      this.#cpuMs.set(role, isSum ? Math.max(ms, this.#cpuMs.get(role) ?? 0) : ms)
    }
    return Object.fromEntries(this.#cpuMs)
  }
}
