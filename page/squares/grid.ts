/** Which square is whose: a process keeps its own for as long as it lives, and for a moment after its end. */
import type { ProcessShot } from '../../src/page/shapes.ts'

/** So long is seen that somebody has come or gone. */
export const FADE_MS = 1500

export interface Square {
  process: ProcessShot
  bornMs: number
  endedMs: number | undefined
}

export class Grid {
  readonly #places = new Map<number, number>()
  readonly squares: (Square | undefined)[] = []
  #changedMs = Number.NEGATIVE_INFINITY
  #isFirst = true
  columns = 1
  sizePx = 1

  set(processes: readonly ProcessShot[], nowMs: number): void {
    const now = new Map(processes.map((process) => [process.pid, process]))
    for (const [pid, place] of this.#places) {
      const square = this.squares[place]
      if (square === undefined || now.has(pid)) continue
      if (square.endedMs === undefined) {
        square.endedMs = nowMs
        this.#changedMs = nowMs
      } else if (nowMs - square.endedMs > FADE_MS) {
        this.#places.delete(pid)
        this.squares[place] = undefined
      }
    }
    let free = 0
    for (const process of processes) {
      const place = this.#places.get(process.pid)
      const square = place === undefined ? undefined : this.squares[place]
      if (square !== undefined) {
        square.process = process
        square.endedMs = undefined
        continue
      }
      while (this.squares[free] !== undefined) free++
      // who was there before the page was opened is not new
      const bornMs = this.#isFirst ? Number.NEGATIVE_INFINITY : nowMs
      this.squares[free] = { process, bornMs, endedMs: undefined }
      this.#places.set(process.pid, free)
      if (!this.#isFirst) this.#changedMs = nowMs
    }
    while (this.squares.length > 0 && this.squares.at(-1) === undefined) this.squares.pop()
    this.#isFirst = false
  }

  isFading = (nowMs: number): boolean => nowMs - this.#changedMs <= FADE_MS + 100

  /** The living process whose square it is. */
  at(xPx: number, yPx: number): ProcessShot | undefined {
    const column = Math.floor(xPx / this.sizePx)
    const square =
      column < this.columns ? this.squares[Math.floor(yPx / this.sizePx) * this.columns + column] : undefined
    return square?.endedMs === undefined ? square?.process : undefined
  }
}
