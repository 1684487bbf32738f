/** A pipe(2) for the output of a program: nobody reads it before the test says so. Node's own pipes to a child are sockets. */
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { O_CLOEXEC, O_NONBLOCK, POLLOUT } from '../../src/libc/constants.js'
import { close, pipe2 } from '../../src/libc/fd.js'
import { PollSet } from '../../src/libc/poll.js'
import { until } from './until.js'

export class SlowPipe {
  readonly #readEnd: number
  /** To be given to programs; open here too, to look at. */
  readonly writeEnd: number
  #reader: Socket | undefined
  text = ''

  constructor() {
    ;[this.#readEnd, this.writeEnd] = pipe2(O_CLOEXEC)
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1)
  }

  /** Waits until no writer finds room in it. */
  async full(): Promise<void> {
    const room = new PollSet()
    room.add(this.writeEnd, POLLOUT)
    await until('the pipe is full', () => room.poll(0) === 0)
  }

  /** Whether the open file description that all writers share has O_NONBLOCK. proc_pid_fdinfo(5) */
  get nonBlocking(): boolean {
    const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${this.writeEnd}`, 'utf8'))?.[1]
    return (Number.parseInt(flags ?? '', 8) & O_NONBLOCK) !== 0
  }

  /** Begins to read. */
  read(): void {
    this.#reader = new Socket({ fd: this.#readEnd, readable: true, writable: false })
    this.#reader.setEncoding('utf8')
    this.#reader.on('data', (text: string) => {
      this.text += text
    })
  }

  /** Waits for as many lines, and returns them. */
  async take(count: number, deadlineMs = 20_000): Promise<string[]> {
    await until(`${count} lines`, () => this.lines.length >= count, deadlineMs).catch((error: Error) => {
      error.message += `: ${this.lines.length} have come`
      throw error
    })
    return this.lines
  }

  close(): void {
    close(this.writeEnd)
    if (this.#reader === undefined) close(this.#readEnd)
    else this.#reader.destroy()
  }
}

/** Runs the test with a pipe that is closed afterwards. */
export async function withSlowPipe(test: (pipe: SlowPipe) => Promise<void>): Promise<void> {
  const pipe = new SlowPipe()
  try {
    await test(pipe)
  } finally {
    pipe.close()
  }
}
