/** Turns pushed bytes into `await read()`: the connection is read only while somebody waits. */

interface Waiter {
  resolve(chunk: Buffer | undefined): void
  reject(error: Error): void
}

export class PullReader {
  readonly #resume: () => void
  readonly #pause: () => void
  readonly #chunks: Buffer[] = []
  readonly #waiting: Waiter[] = []
  #ended = false
  #error: Error | undefined

  constructor(resume: () => void, pause: () => void) {
    this.#resume = resume
    this.#pause = pause
  }

  read(): Promise<Buffer | undefined> {
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) return Promise.resolve(chunk)
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#ended) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#resume()
    })
  }

  push(chunk: Buffer): void {
    const waiter = this.#waiting.shift()
    if (waiter === undefined) this.#chunks.push(chunk)
    else waiter.resolve(chunk)
    if (this.#waiting.length === 0) this.#pause()
  }

  /** End of file. */
  end(): void {
    this.#ended = true
    for (const waiter of this.#waiting.splice(0)) waiter.resolve(undefined)
  }

  /** The descriptor is closed, by an error or by ourselves. */
  close(error: Error | undefined): void {
    this.#error = error
    this.#ended = true
    for (const waiter of this.#waiting.splice(0)) {
      if (error === undefined) waiter.resolve(undefined)
      else waiter.reject(error)
    }
  }
}
