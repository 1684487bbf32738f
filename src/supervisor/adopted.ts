/**
 * What a connection leaves behind when it ends, a program in the background say, becomes the supervisor's child, and is ended: with
 * SIGTERM, and a second later with SIGKILL. As long as the connection lives it is the connection's own affair.
 */
import { childrenOf, describeProcess } from '../fork/kin.js'
import { SIGKILL, SIGTERM } from '../libc/constants.js'
import { getpid } from '../libc/process.js'
import type { Reactor } from '../reactor/reactor.js'
import type { Children } from './children.js'
import type { LastSignals } from './last-signals.js'
import type { Log } from './log.js'

/** To look for each connection that ends would cost each of them. */
const LOOK_AGAIN_MS = 1000

export class Adopted {
  readonly #reactor: Reactor
  readonly #children: Children
  readonly #signals: LastSignals
  readonly #log: Log
  readonly #pid = getpid()
  #expecting = false
  /** Told to end, or known to be another user's. */
  #known = new Map<number, 'told' | 'forbidden'>()

  constructor(reactor: Reactor, children: Children, signals: LastSignals, log: Log) {
    this.#reactor = reactor
    this.#children = children
    this.#signals = signals
    this.#log = log
  }

  /** A child has ended: what it has started may be ours by now. */
  expect(): void {
    if (this.#expecting) return
    this.#expecting = true
    this.#reactor.after(LOOK_AGAIN_MS, () => this.#endAll())
  }

  #endAll(): void {
    this.#expecting = false
    const adopted = (childrenOf(this.#pid) ?? []).filter((pid) => !this.#children.has(pid))
    const before = this.#known
    this.#known = new Map()
    for (const pid of adopted) this.#end(pid, before.get(pid))
    if ([...this.#known.values()].includes('told')) this.expect()
  }

  #end(pid: number, before: 'told' | 'forbidden' | undefined): void {
    if (before === undefined) this.#log.debug({}, `ending what a connection has left behind: ${describeProcess(pid)}`)
    const became = before === 'forbidden' ? before : this.#signals.send(pid, before === 'told' ? SIGKILL : SIGTERM)
    if (became === 'forbidden' && before !== 'forbidden')
      this.#log.warn({}, `a connection has left behind what may not be ended: ${describeProcess(pid)}`)
    if (became !== 'gone') this.#known.set(pid, became === 'sent' ? 'told' : 'forbidden')
  }
}
