/** The connections of a worker on the scoreboard: a row each, in which the supervisor reads, and by which it says which are to end. */
import { getpid } from '../../../libc/process.js'
import { FATE, type Slot, TOLD_TO_END } from '../../../reactor/slot.js'
import type { Scoreboard } from '../../../supervisor/scoreboard.js'

/** What a row is for. */
interface Ending {
  destroy(): void
}

export class ConnectionRows {
  readonly #board: Scoreboard
  readonly #pid = getpid()
  readonly #free: number[]
  readonly #taken = new Map<number, Ending | undefined>()

  /** @param first of the rows of this worker, as many as it may have connections */
  constructor(board: Scoreboard, first: number, count: number) {
    this.#board = board
    this.#free = Array.from({ length: count }, (_, index) => first + count - 1 - index)
  }

  /** A row for the connection that was accepted last. */
  enter(id: number, fd: number): Slot {
    const row = this.#free.pop() as number
    this.#taken.set(row, undefined)
    return this.#board.enter(row, this.#pid, id, fd)
  }

  belongs(slot: Slot, to: Ending): void {
    if (this.#taken.has(slot.number)) this.#taken.set(slot.number, to)
  }

  leave(slot: Slot): void {
    if (!this.#taken.delete(slot.number)) return
    this.#board.leave(slot.number)
    this.#free.push(slot.number)
  }

  /** Ends those that the supervisor was asked to end. */
  endTold(): void {
    for (const [row, ending] of [...this.#taken]) if (this.#board.word(row, FATE) === TOLD_TO_END) ending?.destroy()
  }
}
