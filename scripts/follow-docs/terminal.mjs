/** A command in a terminal of its own, as far as a page needs one: lines come out, lines go in, Ctrl-C reaches all that it started. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTerminal } from './log-line.mjs'

const LIMIT_MS = 30_000

export class Terminal {
  #text = ''
  #taken = 0
  #changed = () => {}

  /** @param stays whether the shell is to become the program: it would take Ctrl-C for itself */
  constructor(command, { cwd, env }, stays) {
    this.command = command
    this.child = spawn('sh', ['-c', stays ? `exec ${command}` : command], {
      cwd,
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    // who ends before it has read everything
    this.child.stdin.on('error', () => {})
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.setEncoding('utf8').on('data', (piece) => {
        this.#text += piece
        this.#changed()
      })
    this.ended = undefined
    this.closed = once(this.child, 'close').then(([code, signal]) => {
      this.ended = signal ?? code
      this.#changed()
    })
  }

  /** The lines that were printed and are not taken yet. */
  get lines() {
    return this.rest.split('\n').map(onTerminal)
  }

  /** All that was printed and is not taken yet, as it came. */
  get rest() {
    return this.#text.slice(this.#taken)
  }

  /** The next line; undefined when it ended, or printed none in time. */
  async line() {
    const limit = AbortSignal.timeout(LIMIT_MS)
    const late = once(limit, 'abort')
    while (!this.rest.includes('\n') && this.ended === undefined && !limit.aborted)
      await Promise.race([
        late,
        new Promise((resolve) => {
          this.#changed = resolve
        }),
      ])
    if (this.rest === '') return undefined
    const [line] = this.rest.split('\n', 1)
    if (!this.rest.includes('\n') && this.ended === undefined) return undefined
    this.#taken = Math.min(this.#taken + line.length + 1, this.#text.length)
    return onTerminal(line)
  }

  type(line) {
    this.child.stdin.write(`${line}\n`)
  }

  /** Ctrl-D. */
  endInput() {
    this.child.stdin.end()
  }

  /** Ctrl-C: a signal to the whole group in the foreground. */
  interrupt() {
    this.#signal('SIGINT')
  }

  kill() {
    this.#signal('SIGKILL')
  }

  #signal(name) {
    try {
      process.kill(-this.child.pid, name)
    } catch (error) {
      // it has ended, and nobody of its group is left
      if (error.code !== 'ESRCH') throw error
    }
  }

  /** @returns how it ended: a status, or a signal; undefined when it did not in time */
  async end() {
    const limit = AbortSignal.timeout(LIMIT_MS)
    await Promise.race([this.closed, once(limit, 'abort')])
    return this.ended
  }
}
