/** One terminal that a page shows: what is typed there is typed, and what it says is printed must be printed. */
import { Terminal } from './terminal.mjs'

/** What a server's log says at its end, whether a page shows it or not. */
const STOPPED = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] INFO: stopped \{.*\}$/

export class Session {
  #terminal
  #going = Promise.resolve()

  /**
   * @param stays whether its command is a server, which goes on
   * @param fail throws, given a line of the page and words
   */
  constructor(steps, stays, place, printed, fail) {
    this.steps = steps
    this.stays = stays
    this.place = place
    this.printed = printed
    this.fail = fail
  }

  /** Plays it to its end, or to the line that comes of what is below. */
  async play() {
    const at = this.steps.findIndex(({ waits }) => waits)
    const [now, later] = at < 0 ? [this.steps, []] : [this.steps.slice(0, at), this.steps.slice(at)]
    if (this.stays && now.length < 2)
      this.fail(this.steps[0].line, 'a server that prints nothing: no reader knows when to go on')
    for (const step of now) await this.#take(step)
    const rest = async () => {
      for (const step of later) await this.#take(step)
      if (!this.stays) await this.#end()
    }
    this.#going = rest()
    // it is waited for later
    this.#going.catch(() => {})
    if (at < 0) await this.#going
  }

  /** Waits for what comes of other terminals. */
  finish() {
    return this.#going
  }

  /** Presses Ctrl-C. @param steps what is printed then, by the page */
  async stop(steps) {
    await this.#going
    if (this.#terminal.ended !== undefined)
      this.#unexpected('it serves', `it ended with ${this.#terminal.ended}:\n${this.#terminal.rest}`)
    this.#terminal.interrupt()
    for (const step of steps) await this.#take(step)
    const status = await this.#terminal.end()
    // npx ends by the signal, however well what it runs has ended
    const byNpx = status === 'SIGINT' && this.#terminal.command.startsWith('npx ')
    if (status !== 0 && !byNpx)
      this.#unexpected('Ctrl-C ends it with status 0', `${status ?? 'it goes on'}\n${this.#terminal.rest}`)
    const rest = this.#terminal.lines.filter((line) => line !== '' && !STOPPED.test(line))
    if (rest.length > 0) this.#unexpected('no more output', rest.join('\n'))
  }

  /** Kills it, where the page went wrong before its end. */
  abandon() {
    this.#terminal?.kill()
  }

  #unexpected(expected, got, line = this.steps[0].line) {
    this.fail(line, `${this.#terminal.command}\n  expected: ${expected}\n  got:      ${got}`)
  }

  async #take({ kind, text, line }) {
    if (kind === 'command') {
      if (this.#terminal !== undefined) await this.#end()
      this.#terminal = new Terminal(text, this.place, this.stays)
      return
    }
    if (this.#terminal === undefined) this.fail(line, 'a session starts with a command: $ …')
    if (kind === 'typed') this.#terminal.type(text)
    else if (kind === 'end') this.#terminal.endInput()
    else {
      const printed = await this.#terminal.line()
      if (printed === undefined || !this.printed.matches(text, printed))
        this.#unexpected(text, printed ?? `nothing, ${this.#terminal.ended ?? 'and it goes on'}`, line)
    }
  }

  async #end() {
    this.#terminal.endInput()
    const status = await this.#terminal.end()
    if (status !== 0) this.#unexpected('it ends with status 0', `${status ?? 'it goes on'}\n${this.#terminal.rest}`)
    if (this.#terminal.rest !== '') this.#unexpected('no more output', this.#terminal.rest)
  }
}
