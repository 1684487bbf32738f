/** A program of the course notes while it runs: what can be seen of it from outside. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childrenOf, statOf, withEnvironment, zombiesOf } from '../harness/proc.js'
import { type Launch, Program } from '../harness/program.js'
import { until } from '../harness/until.js'

const MARK = 'TINED_TEST_TREE'
/** Output that comes this long after the one before comes from a program that has blocked: the shortest sleep is 1 s. */
const BLOCKED_MS = 500
/** A busy machine may need seconds to start a Node. */
export const PATIENCE_MS = 20_000

/** Pids, ports and descriptors differ from run to run. */
export const anonymous = (line: string): string =>
  line
    .replace(/(\bchild|\bchild is|자식|자식은) \d+/, '$1 PID')
    .replace(/\b(127\.0\.0\.1:|descriptor )\d+|(디스크립터 )\d+/, '$1$2N')

export class Run extends Program {
  /** Whether it is the C version. */
  readonly native: boolean
  readonly #mark: string
  readonly #timed: boolean
  readonly #lines: string[] = []
  #rest = ''
  #last = 0

  /** A file for the program to write: `FILE` among its arguments. Removed at the end. */
  readonly file: string

  /** @param timed marks lines that were long in coming */
  constructor(launch: Launch, timed = false) {
    const mark = randomUUID()
    const file = join(tmpdir(), `tined-course-${mark}`)
    const args = launch.args.map((argument) => (argument === 'FILE' ? file : argument))
    super({ ...launch, args, env: { ...launch.env, [MARK]: mark } })
    this.file = file
    this.#timed = timed
    this.native = launch.native === true
    this.#mark = `${MARK}=${mark}`
    this.child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk.toString()))
  }

  #take(text: string): void {
    const now = performance.now()
    const blocked = this.#timed && this.#last > 0 && now - this.#last > BLOCKED_MS
    this.#last = now
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    this.#lines.push(...lines.map((line, index) => `${blocked && index === 0 ? '(blocked) ' : ''}${anonymous(line)}`))
  }

  /** Lines without pids, ports and descriptor numbers; `(blocked) ` is put before one that was long in coming, if asked for. */
  get lines(): readonly string[] {
    return this.#lines
  }

  /** Children, once there are so many of them, none of them a zombie. */
  children(count: number): Promise<number[]> {
    return until(
      `${count} children`,
      () => {
        const children = childrenOf(this.pid)
        return children.length === count && zombiesOf(this.pid).length === 0 ? children : undefined
      },
      PATIENCE_MS,
    )
  }

  override printed(text: string): Promise<true> {
    return until(`${JSON.stringify(text)} on standard output`, () => this.stdout.includes(text), PATIENCE_MS)
  }

  /** Waits until it does, in a call. */
  async asleep(): Promise<void> {
    await until('it sleeps', () => statOf(this.pid)?.state === 'S', PATIENCE_MS)
  }

  /** How many zombies there are; waits for `expected`, and tells the truth when that does not come. */
  async zombies(expected: number, deadlineMs = 2000): Promise<number> {
    await until('zombies', () => zombiesOf(this.pid).length === expected, deadlineMs).catch(() => {})
    return zombiesOf(this.pid).length
  }

  /** The port that it says it listens on. */
  async port(): Promise<number> {
    return Number(await until('the port', () => /127\.0\.0\.1:(\d+)/.exec(this.stdout)?.[1], PATIENCE_MS))
  }

  type(text: string): void {
    this.child.stdin?.write(text)
  }

  endInput(): void {
    this.child.stdin?.end()
  }

  /** Waits for the end of it and of its output, and asserts that none of its processes is left. */
  async end(): Promise<string> {
    const { code, signal } = await this.finished(PATIENCE_MS)
    const left = (): number[] => withEnvironment(this.#mark)
    await until('no process left', () => left().length === 0, 3000).catch(() => {
      assert.deepEqual(
        left().map((pid) => statOf(pid)),
        [],
        'processes left behind',
      )
    })
    return signal ?? `status ${code}`
  }

  cleanUp(): void {
    rmSync(this.file, { force: true })
    for (const pid of withEnvironment(this.#mark)) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // it ended by itself
      }
    }
  }
}
