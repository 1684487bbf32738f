/** Who is connected: what the launcher can ask about connections, and what it is told of their ends. */
import { formatAddress } from '../libc/address.js'
import { SIGURG } from '../libc/constants.js'
import type { Reactor } from '../reactor/reactor.js'
import { CONNECTION, FATE, TOLD_TO_END } from '../reactor/slot.js'
import type { ConnectionInfo, FromSupervisor } from './channel.js'
import type { Child, Children } from './children.js'
import { readInfo } from './connection-info.js'
import { endChild } from './end-child.js'
import { endedWell } from './exit-status.js'
import { fateOf } from './fate.js'
import type { Scoreboard } from './scoreboard.js'

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
    for (const slot of this.#rows()) infos.push(this.#inRow(slot))
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
    this.#tellEnd(this.#infoOf(child), child.slot, status, stopping)
  }

  /** The process that has served a connection with a row has ended. */
  endedInRow(row: number, status: number, stopping: boolean): void {
    this.#tellEnd(this.#inRow(row), row, status, stopping)
  }

  #tellEnd(connection: ConnectionInfo, slot: number, status: number, stopping: boolean): void {
    const fate = stopping && !endedWell(status) ? TOLD_TO_END : this.#board.word(slot, FATE)
    const ms = Date.now() - connection.startedMs
    this.#send({ type: 'ended', connection: { ...connection, ms, ...fateOf(fate, status) } })
  }

  #endProcess(id: number): boolean {
    const { signals } = this.#board.head
    for (const child of this.#children.all()) {
      if (child.role !== 'connection' || child.id !== id) continue
      this.#board.set(child.slot, FATE, TOLD_TO_END)
      endChild(child.pid, signals, this.#reactor, () => this.#children.runs(child))
      return true
    }
    return false
  }

  #endInWorker(id: number): boolean {
    const { signals } = this.#board.head
    for (const slot of this.#rows()) {
      if (this.#board.word(slot, CONNECTION) !== id) continue
      this.#board.set(slot, FATE, TOLD_TO_END)
      const pid = this.#board.pidOf(slot)
      if (this.#children.roleOf(pid) === 'worker') signals.send(pid, SIGURG)
      else
        endChild(
          pid,
          signals,
          this.#reactor,
          () => this.#children.has(pid) && this.#board.word(slot, CONNECTION) === id,
        )
      return true
    }
    return false
  }

  /** Rows of connections in workers that live. */
  *#rows(): Generator<number> {
    for (const slot of this.#board.rows()) if (this.#children.has(this.#board.pidOf(slot))) yield slot
  }

  #infoOf({ id, pid, peer, slot }: Child): ConnectionInfo {
    return this.#read(slot, { id, pid, peer: peer === undefined ? '' : formatAddress(peer) })
  }

  #inRow(slot: number): ConnectionInfo {
    const id = this.#board.word(slot, CONNECTION)
    return this.#read(slot, { id, pid: this.#board.pidOf(slot), peer: this.#board.peerOf(slot) })
  }

  #read(slot: number, who: Pick<ConnectionInfo, 'id' | 'peer' | 'pid'>): ConnectionInfo {
    return readInfo(who, (word) => this.#board.word(slot, word))
  }
}
