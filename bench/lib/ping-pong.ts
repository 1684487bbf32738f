import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { atExit } from './cleanup.js'

/** What a run of bench/peers/ping-pong.c measured. */
export interface PingPong {
  readonly messages: number
  readonly seconds: number
  readonly p50Us: number
  readonly p99Us: number
}

/** Connections of the load client: those that talk, and those that are silent beside them. */
export interface Party {
  readonly clients: number
  readonly idle: number
  readonly seconds: number
}

/** The load client: it connects, plays when told to, and asks the silent ones at the end. */
export class Player {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  #complaint = ''

  constructor(command: readonly string[], port: number, { clients, idle, seconds }: Party) {
    const [program = '', ...args] = [...command, String(port), String(clients), String(seconds), String(idle)]
    this.#child = spawn(program, args)
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#complaint += chunk.toString()
    })
    this.#child.stdin.on('error', () => {})
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    const takeBack = atExit(() => this.#child.kill('SIGKILL'))
    this.#child.on('exit', takeBack)
  }

  /** Fulfilled once every connection was echoed on. */
  async ready(): Promise<void> {
    await this.#line()
  }

  async play(): Promise<PingPong> {
    this.#child.stdin.write('\n')
    return JSON.parse(await this.#line()) as PingPong
  }

  /** Asks every silent connection once more; how many have answered. */
  async finish(): Promise<number> {
    this.#child.stdin.write('\n')
    return (JSON.parse(await this.#line()) as { answered: number }).answered
  }

  async #line(): Promise<string> {
    const { done, value } = await this.#lines.next()
    if (done === true) throw new Error(this.#complaint.trim() || 'ping-pong ended without a result')
    return value
  }
}
