/** A client that sends numbered lines without waiting for each, and checks that each comes back, in order. */
import assert from 'node:assert/strict'
import type { Client } from './client.js'

/** Lines sent that may not have come back yet. */
const WINDOW = 40

export class Talker {
  readonly #client: Client
  readonly #name: string
  readonly #sizes: readonly number[]
  readonly #sent: string[] = []
  #received = ''
  /** How many of `sent` have come back. */
  echoed = 0
  #ending = false

  /** @param sizes lengths of the lines, in turn */
  constructor(client: Client, name: string, sizes: readonly number[]) {
    this.#client = client
    this.#name = name
    this.#sizes = sizes
    client.socket.on('data', (chunk: Buffer) => this.#take(chunk.toString('latin1')))
  }

  /** Lines without their newlines. */
  get sent(): readonly string[] {
    return this.#sent
  }

  /** Sends until `stop`. */
  start(): this {
    this.#goOn()
    return this
  }

  /** Half-closes after the last line. */
  stop(): void {
    this.#ending = true
    this.#client.end()
  }

  #goOn(): void {
    while (!this.#ending && this.#sent.length - this.echoed < WINDOW) {
      const line = `${this.#name} ${this.#sent.length} `.padEnd(
        this.#sizes[this.#sent.length % this.#sizes.length] as number,
        'abcdefghij',
      )
      this.#sent.push(line)
      this.#client.send(`${line}\n`)
    }
  }

  #take(text: string): void {
    this.#received += text
    for (let end = this.#received.indexOf('\n'); end >= 0; end = this.#received.indexOf('\n')) {
      const line = this.#received.slice(0, end)
      this.#received = this.#received.slice(end + 1)
      assert.equal(line.slice(0, 40), this.#sent[this.echoed]?.slice(0, 40))
      assert.ok(line === this.#sent[this.echoed])
      this.echoed++
    }
    this.#goOn()
  }
}
