/** Carries out what was decided, on whatever server runs at the moment, and knows whether all is well. */
import { setTimeout as delay } from 'node:timers/promises'
import type { ChaosClient } from './client.js'
import type { Decision } from './decisions.js'
import type { Life } from './life.js'
import type { Sent } from './outcome.js'
import { DRAIN_MS } from './place.js'
import { Stopped } from './stopped.js'
import { isWaitedFor, Touched } from './touched.js'
import { type Member, zombiesBelow } from './tree.js'
import { WellTime } from './well-time.js'

/** Clients notice some time after it. */
const LATE_MS = 100
const STEP_MS = 10
const SLOWER = 10
const REMEMBERED = 12
/** So long may a client wait while all is well; a writer or worker that is killed again and again comes back after a second. */
const HUNG_MS = 10_000
const ZOMBIE_MS = 5000
const LOOK_MS = 20

export class Director {
  readonly wellTime = new WellTime()
  readonly signals: Sent = {}
  /** There will be no further server. */
  over = false
  readonly #stopped = new Stopped(() => this.look())
  #life: Life | undefined
  readonly #recent: { what: string; at: number }[] = []
  readonly #touched = new Touched()
  readonly #model: string

  constructor(model: string) {
    this.#model = model
  }

  set life(life: Life | undefined) {
    this.#life = life
    this.#remember('a new server')
    this.#touched.all()
    this.look()
  }

  get life(): Life | undefined {
    return this.#life
  }

  /** To be called when something has changed, and now and then. */
  look(): void {
    const life = this.#life
    if (life !== undefined) life.moving.well = !this.#stopped.any
    const runs = life?.ready === true && !life.ending && life.server.ended === undefined
    this.wellTime.well = runs && !this.#stopped.waitedFor
  }

  /** Until the next signal. A server that starts gets few: it would hardly ever run. */
  async pause(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; ) {
      const stepMs = Math.min(leftMs, STEP_MS)
      await delay(stepMs)
      leftMs -= this.#life?.ready === true ? stepMs : stepMs / SLOWER
    }
  }

  /** One that is in that role, or, below the supervisor, one in any other where a model has no such role. */
  #choose(members: readonly Member[], { role, which }: Extract<Decision, { calm: false }>): Member | undefined {
    const inRole = members.filter((member) => member.role === role)
    const below = members.filter((member) => member.role !== 'launcher' && member.role !== 'supervisor')
    const candidates = inRole.length > 0 || role === 'launcher' || role === 'supervisor' ? inRole : below
    return candidates[Math.floor(which * candidates.length)]
  }

  /** Reports whether there was somebody to do it to. */
  carryOut(decision: Extract<Decision, { calm: false }>): boolean {
    const { signal, stoppedMs } = decision
    const life = this.#life
    const member = life === undefined ? undefined : this.#choose(life.members(), decision)
    if (life === undefined || member === undefined) return false
    const { pid, role } = member
    life.note(role, signal)
    this.#touched.by(signal, member, stoppedMs)
    try {
      if (signal === 'STOP') this.#stopped.stop(pid, stoppedMs, isWaitedFor(member, this.#model))
      else if (signal === 'CONT') this.#stopped.goOn(pid)
      else process.kill(pid, `SIG${signal}`)
    } catch {
      return false // it had just ended
    }
    this.#remember(`${signal} ${role} ${pid}${signal === 'STOP' ? ` for ${stoppedMs.toFixed(0)} ms` : ''}`)
    this.signals[role] ??= {}
    const ofRole = this.signals[role]
    ofRole[signal] = (ofRole[signal] ?? 0) + 1
    this.look()
    return true
  }

  #remember(what: string): void {
    this.#recent.push({ what, at: performance.now() })
    if (this.#recent.length > REMEMBERED) this.#recent.shift()
  }

  /** What was done last, for whoever has to find out why. */
  get recent(): string {
    const now = performance.now()
    return this.#recent.map(({ what, at }) => `${what} ${(now - at).toFixed(0)} ms ago`).join(', ')
  }

  /** Whether something was done that breaks this client's connection. */
  mayBreak(client: ChaosClient): boolean {
    const life = this.#life
    // before it is ready a server may fail, and those who wait for it with it
    if (life?.ready !== true || this.#touched.isBroken(client)) return true
    if (life.drainingSince === undefined) return life.ending || life.server.ended !== undefined
    // a drain refuses whoever was not accepted yet, and lets the others finish within their time
    return !client.served || performance.now() - life.drainingSince > DRAIN_MS - LATE_MS
  }

  /** Whether it has waited for too long: its server is well, and so is the process of its own connection. */
  isHung(client: ChaosClient): boolean {
    const { waitingSinceMs } = client
    if (waitingSinceMs === undefined || this.wellTime.ms - waitingSinceMs < HUNG_MS) return false
    return !this.#touched.wasStopped(client, HUNG_MS)
  }

  /** Waits until all is well and each client has got on. Hung ones are given up by whoever watches over them. */
  async calm(clients: readonly ChaosClient[], left: string[]): Promise<void> {
    this.#stopped.allGoOn()
    const before = clients.map(({ progress }) => progress)
    const waiting = (): boolean => clients.some(({ progress, idle }, index) => progress === before[index] && !idle)
    while (waiting() && !this.over) await delay(LOOK_MS)
    const { wellTime } = this
    const deadline = wellTime.ms + ZOMBIE_MS
    const zombies = (): number => (this.#life?.ready ? zombiesBelow(this.#life.server.pid) : 0)
    while (zombies() > 0 && wellTime.ms < deadline) await delay(LOOK_MS)
    const stay = wellTime.ms < deadline ? 0 : zombies()
    if (stay > 0) left.push(`${stay} zombies of a server that runs`)
  }
}
