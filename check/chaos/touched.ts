/** Whose connections were touched by what was done, and when: to all, or to those of one client. */
import type { ChaosClient } from './client.js'
import type { SignalName } from './decisions.js'
import type { Member } from './tree.js'

/** Clients may notice before we have noted why. */
const LATE_MS = 100
/** A process does not go by the name of a client that came over the unix socket: each of them may be meant. */
const UNIX = 'unix'

/** The client of a connection's process; undefined while it has no title of its own. */
function clientOf({ role, title }: Member): string | undefined {
  if (role !== 'connection' || !title.startsWith('tined: connection')) return undefined
  return / (\S+:\d+) #\d+$/.exec(title)?.[1] ?? UNIX
}

/** Whether all clients wait for a process that is stopped. The launcher of a supervisor serves nobody. */
export const isWaitedFor = (member: Member, model: string): boolean =>
  member.role === 'launcher' ? model === 'single' : clientOf(member) === undefined

export class Touched {
  #allBrokenAt = 0
  readonly #brokenAt = new Map<string, number>()
  readonly #stoppedUntil = new Map<string, number>()

  /** Another server, or none. */
  all(): void {
    this.#allBrokenAt = performance.now()
  }

  by(signal: SignalName, member: Member, stoppedMs: number): void {
    const client = clientOf(member)
    if (signal === 'STOP' && client !== undefined) this.#stoppedUntil.set(client, performance.now() + stoppedMs)
    if (signal !== 'KILL' && signal !== 'TERM') return
    if (client !== undefined) this.#brokenAt.set(client, performance.now())
    // all others that are told to end let connections finish
    else if (member.role === 'connection' || (!['writer', 'forwarder'].includes(member.role) && signal === 'KILL'))
      this.all()
  }

  /** Whether the client's connection was broken, or all were. */
  isBroken({ name = UNIX, begunAt }: ChaosClient): boolean {
    const since = begunAt - LATE_MS
    return this.#allBrokenAt > since || (this.#brokenAt.get(name) ?? 0) > since
  }

  /** Whether the process of the client's connection was stopped in the last so many milliseconds. */
  wasStopped({ name = UNIX }: ChaosClient, lastMs: number): boolean {
    return (this.#stoppedUntil.get(name) ?? 0) > performance.now() - lastMs
  }
}
