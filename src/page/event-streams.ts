/** Viewers that get each snapshot as it comes. One who does not read is given up, rather than kept for. */
import type { ServerResponse } from 'node:http'
import type { Snapshot } from './shapes.js'

export const MOST_STREAMS = 16
/** Snapshots in a row that a viewer may miss because an earlier one is still on its way. */
const MOST_MISSED = 3
/** Until a browser whose stream has ended asks again. */
const RETRY_MS = 2000

export class EventStreams {
  readonly #snapshot: () => Promise<Snapshot>
  /** Viewers, and how many snapshots each has missed in a row. */
  readonly #viewers = new Map<ServerResponse, number>()
  #timer: NodeJS.Timeout | undefined

  /** @param snapshot the newest; asked for only while somebody looks */
  constructor(snapshot: () => Promise<Snapshot>) {
    this.#snapshot = snapshot
  }

  get isFull(): boolean {
    return this.#viewers.size >= MOST_STREAMS
  }

  /** @param response with its head written */
  async add(response: ServerResponse): Promise<void> {
    this.#viewers.set(response, 0)
    response.on('close', () => this.#remove(response))
    const snapshot = await this.#snapshot()
    // who has left meanwhile has taken the timer of the last along
    if (!this.#viewers.has(response)) return
    response.write(`retry: ${RETRY_MS}\n\n${textOf(snapshot)}`)
    this.#timer ??= setTimeout(() => this.#next(), snapshot.everyMs)
  }

  async #next(): Promise<void> {
    const timer = this.#timer
    const snapshot = await this.#snapshot()
    if (this.#timer !== timer || timer === undefined) return
    const text = textOf(snapshot)
    for (const [response, missed] of this.#viewers) {
      // what the kernel takes is gone from here: what is left is what the viewer has no room for
      if (response.writableLength === 0) {
        this.#viewers.set(response, 0)
        response.write(text)
      } else if (missed < MOST_MISSED) this.#viewers.set(response, missed + 1)
      else response.destroy()
    }
    this.#timer = setTimeout(() => this.#next(), snapshot.everyMs)
  }

  #remove(response: ServerResponse): void {
    this.#viewers.delete(response)
    if (this.#viewers.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

const textOf = (snapshot: Snapshot): string => `event: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`
