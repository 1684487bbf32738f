/** Who is connected: what the launcher can ask about connections, and what it is told of their ends. */
import { formatAddress } from '../libc/address.js'
import { SIGKILL, SIGTERM, SIGURG } from '../libc/constants.js'
import { trySignal } from '../libc/process.js'
import type { Reactor } from '../reactor/reactor.js'
import { BYTES_READ, BYTES_WRITTEN, CONNECTION, FATE, MESSAGES, STARTED_MS, TOLD_TO_END } from '../reactor/slot.js'
import type { ConnectionInfo, FromSupervisor } from './channel.js'
import type { Child, Children } from './children.js'
import { endedWell } from './exit-status.js'
import { fateOf } from './fate.js'
import type { Scoreboard } from './scoreboard.js'

/** Of a connection process that was told to end, how long until it is killed. */
const KILL_AFTER_MS = 200
/** Connections in one message to the launcher. */
const PAGE = 64

export class ConnectionRoll {
  readonly #board: Scoreboard
  readonly #children: Children
  readonly #reactor: Reactor
  readonly #send: (message: FromSupervisor) => void

  constructor(board: Scoreboard, children: Children, reactor: Reactor, send: (message: FromSupervisor) => void) {
    this.#board = board
    this.#children = children
    this.#reactor = reactor
    this.#send = send
  }

  /** Tells the launcher of some, by their numbers, from the first after `after`. */
  list(after: number): void {
    const infos: ConnectionInfo[] = []
    for (const child of this.#children.all()) if (child.role === 'connection') infos.push(this.#infoOf(child))
    for (const slot of this.#rows()) infos.push(this.#read(slot, this.#board.pidOf(slot), this.#board.peerOf(slot)))
    const following = infos.filter(({ id }) => id > after).sort((one, other) => one.id - other.id)
    this.#send({ type: 'connections', list: following.slice(0, PAGE), more: following.length > PAGE })
  }

  /** Ends one, and tells the launcher whether there was such a one. */
  end(id: number): void {
    this.#send({ type: 'told-to-end', found: this.#endProcess(id) || this.#endInWorker(id) })
  }

  /**
   * The process of a connection has ended.
   *
   * @param stopping the server was told to stop
   */
  ended(child: Child, status: number, stopping: boolean): void {
    const connection = this.#infoOf(child)
    this.#send({
      type: 'ended',
      connection: {
        ...connection,
        ms: Date.now() - connection.startedMs,
        ...fateOf(stopping && !endedWell(status) ? TOLD_TO_END : this.#board.word(child.slot, FATE), status),
      },
    })
  }

  /** The process that has served a connection with a row has ended. */
  endedInRow(row: number, status: number, stopping: boolean): void {
    const connection = this.#read(row, this.#board.pidOf(row), this.#board.peerOf(row))
    const fate = stopping && !endedWell(status) ? TOLD_TO_END : this.#board.word(row, FATE)
    const ms = Date.now() - connection.startedMs
    this.#send({ type: 'ended', connection: { ...connection, ms, ...fateOf(fate, status) } })
  }

  #endProcess(id: number): boolean {
    for (const child of this.#children.all()) {
      if (child.role !== 'connection' || child.id !== id) continue
      this.#board.set(child.slot, FATE, TOLD_TO_END)
      this.#endSoon(child.pid, () => true)
      return true
    }
    return false
  }

  #endSoon(pid: number, still: () => boolean): void {
    trySignal(pid, SIGTERM)
    this.#reactor.after(KILL_AFTER_MS, () => {
      if (this.#children.has(pid) && still()) trySignal(pid, SIGKILL)
    })
  }

  #endInWorker(id: number): boolean {
    for (const slot of this.#rows()) {
      if (this.#board.word(slot, CONNECTION) !== id) continue
      this.#board.set(slot, FATE, TOLD_TO_END)
      const pid = this.#board.pidOf(slot)
      if (this.#children.roleOf(pid) === 'worker') trySignal(pid, SIGURG)
      else this.#endSoon(pid, () => this.#board.word(slot, CONNECTION) === id)
      return true
    }
    return false
  }

  /** Rows of connections in workers that live. */
  *#rows(): Generator<number> {
    for (const slot of this.#board.rows()) if (this.#children.has(this.#board.pidOf(slot))) yield slot
  }

  #infoOf(child: Child): ConnectionInfo {
    const info = this.#read(child.slot, child.pid, child.peer === undefined ? '' : formatAddress(child.peer))
    return { ...info, id: child.id }
  }

  #read(slot: number, pid: number, peer: string): ConnectionInfo {
    const word = (which: number): number => this.#board.word(slot, which)
    return {
      id: word(CONNECTION),
      peer,
      pid,
      startedMs: word(STARTED_MS),
      bytesRead: word(BYTES_READ),
      bytesWritten: word(BYTES_WRITTEN),
      messages: word(MESSAGES),
    }
  }
}
