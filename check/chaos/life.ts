/** A server from its start to the proof that nothing of it is left. */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { allStats } from '../../test/harness/proc.js'
import { TestServer } from '../../test/harness/server.js'
import type { SignalName } from './decisions.js'
import { DRAIN_MS, type Place } from './place.js'
import { describeTree, type Member, membersOf } from './tree.js'
import { WellTime } from './well-time.js'

/** The drain, 5 s for services, 5 s for whoever does not end of SIGKILL, and the machine is busy. */
const END_MS = DRAIN_MS + 15_000
/** Once the launcher has ended. */
const GONE_MS = 3000
const LOOK_MS = 20

/** A session of its own: whoever is in that is of the tree, whatever else it has become. */
const UNDER = ['setsid']

const listens = (port: number): boolean => {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`
  return readFileSync('/proc/net/tcp', 'latin1').includes(local)
}

const startsWith =
  (pid: number) =>
  (line: string): boolean =>
    line.startsWith(`${pid} `)

export class Life {
  readonly server: TestServer
  readonly #place: Place
  ready = false
  /** It was told to end, or something was killed without which it cannot go on. */
  ending = false
  /** When it was told to let connections finish; undefined also when it was killed since. */
  drainingSince: number | undefined
  /** Somebody was signalled before it was ready: it may not become so. */
  disturbed = false
  /** What was done to launcher and supervisor. */
  readonly #fatal = new Set<`${'launcher' | 'supervisor'} ${SignalName}`>()
  /** Time in which nobody is stopped. */
  readonly moving = new WellTime()

  constructor(place: Place) {
    this.#place = place
    const portFile = `${place.folder}/port`
    rmSync(portFile, { force: true })
    const env = { ...place.launch.env, TINED_PORT_FILE: portFile }
    this.server = new TestServer({ ...place.launch, env, under: UNDER }, randomUUID(), {
      folder: place.folder,
      portFile,
    })
    this.moving.well = true
  }

  /** False when it has ended instead. */
  async becomeReady(): Promise<boolean> {
    const portFile = `${this.#place.folder}/port`
    while (!existsSync(portFile)) {
      if (this.server.ended !== undefined) return false
      if (this.moving.ms > END_MS) throw new Error(`not ready within ${END_MS} ms: ${this.#state()}`)
      await delay(LOOK_MS)
    }
    this.ready = true
    return true
  }

  members(): Member[] {
    return this.server.ended === undefined ? membersOf(this.server.pid) : []
  }

  /** Notes what the signal means for the server as a whole. */
  note(role: Member['role'], signal: SignalName): void {
    this.server.observe()
    if (!this.ready) this.disturbed = true
    if (signal !== 'KILL' && signal !== 'TERM') return
    if (role !== 'launcher' && role !== 'supervisor') return
    this.#fatal.add(`${role} ${signal}`)
    if (signal === 'TERM' && this.ready && !this.ending) this.drainingSince = performance.now()
    if (signal === 'KILL') this.drainingSince = undefined
    this.ending = true
  }

  /** Fulfilled with what is wrong with how it ended. */
  async end(): Promise<{ left: string[]; trouble: string[] }> {
    const { server } = this
    const trouble: string[] = []
    let endingSince: number | undefined
    while (server.ended === undefined) {
      if (this.ending) endingSince ??= this.moving.ms
      if (endingSince !== undefined && this.moving.ms - endingSince > END_MS) break
      await delay(LOOK_MS)
    }
    if (server.ended === undefined) trouble.push(`does not end: ${this.#state()}`)
    else if (!this.ending && !this.disturbed)
      trouble.push(`ended though nobody told it to: ${JSON.stringify(server.ended)}: ${server.stderr.slice(-2000)}`)
    const told = this.ready && this.#fatal.size === 1 && this.#fatal.has('launcher TERM')
    if (told && !this.disturbed && server.ended?.code !== 0)
      trouble.push(`ended with ${JSON.stringify(server.ended)} of TERM: ${server.stderr.slice(-2000)}`)
    const left = await this.#leftBehind()
    server.killAll()
    return { left, trouble }
  }

  async #leftBehind(): Promise<string[]> {
    const deadline = performance.now() + GONE_MS
    let left = this.#look()
    while (left.length > 0 && performance.now() < deadline) {
      await delay(LOOK_MS)
      left = this.#look()
    }
    return left
  }

  #look(): string[] {
    const { server } = this
    const marked = server.leftover()
    const session = allStats()
      .filter(({ pid, session, state }) => session === server.pid && state !== 'Z' && !marked.some(startsWith(pid)))
      .map(({ pid, name, state }) => `${pid} (${name}) ${state}, of its session`)
    const socketStays = this.#fatal.has('launcher KILL') || !this.ready || this.disturbed
    return [
      ...marked,
      ...session,
      ...(listens(this.#place.port) ? [`somebody listens on port ${this.#place.port}`] : []),
      ...(!socketStays && existsSync(this.#place.socketFile) ? [`the socket file ${this.#place.socketFile}`] : []),
    ]
  }

  #state(): string {
    return `${[...this.#fatal].join(', ')}: ${describeTree(this.server.pid)}: ${this.server.stderr.slice(-2000)}`
  }
}
