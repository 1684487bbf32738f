/**
 * The kernel's tables of sockets, read for a hundredth of a core: a table has all of a network, and after many short connections
 * there are tens of thousands in it, which the kernel writes out each time.
 */
import { linkOf, type Refused } from '../observe/read.js'
import { type Sockets, socketsSeenBy } from '../observe/sockets.js'
import { spentCpuMs } from './spent.js'

/** Of one core. */
const SHARE = 0.01

interface Table {
  sockets: Sockets
  untilMs: number
}

export class SocketTables {
  readonly #read: typeof socketsSeenBy
  #tables = new Map<string, Table>()
  #nowMs = 0
  /** Whether all that were asked for since `begin` were read since then. */
  isFresh = true

  /** @param read for tests: /proc otherwise */
  constructor(read: typeof socketsSeenBy = socketsSeenBy) {
    this.#read = read
  }

  /** A look begins. */
  begin(nowMs: number): void {
    this.#nowMs = nowMs
    this.isFresh = true
  }

  /** Sockets of the network that a process is in. */
  readonly of = (pid: number, refused: Refused): Sockets => {
    const network = linkOf(pid, 'ns/net', refused) ?? `that of ${pid}`
    const last = this.#tables.get(network)
    if (last !== undefined && this.#nowMs < last.untilMs) {
      this.isFresh = false
      return last.sockets
    }
    const before = spentCpuMs()
    const sockets = this.#read(pid, refused)
    this.#tables.set(network, { sockets, untilMs: this.#nowMs + (spentCpuMs() - before) / SHARE })
    return sockets
  }
}
