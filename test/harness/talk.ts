/** `tined connect` under test: a client program, its two processes, and the proof that nothing of it stays behind. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { childrenOf, isAlive, titleOf, withEnvironment } from './proc.js'
import { type Ended, type Launch, Program, tined } from './program.js'
import { until } from './until.js'

/** Names the processes in their environment, so that one that escaped its parent is still found. */
const MARK = 'TINED_TEST_TALK'

export class Talk extends Program {
  readonly #mark: string

  constructor(launch: Launch, mark: string = randomUUID()) {
    super({ ...launch, env: { ...launch.env, [MARK]: mark } })
    this.#mark = `${MARK}=${mark}`
  }

  type(text: string | Uint8Array): this {
    this.child.stdin?.write(text)
    return this
  }

  /** Ends standard input. */
  endInput(): this {
    this.child.stdin?.end()
    return this
  }

  complained(text: string): Promise<true> {
    return until(`${JSON.stringify(text)} on standard error`, () => (this.stderr.includes(text) ? true : undefined))
  }

  /** The process that writes, once it has taken its name. */
  async writer(): Promise<number> {
    return until('the writing process', () =>
      childrenOf(this.pid).find((pid) => titleOf(pid).startsWith('tined: writer')),
    )
  }

  async assertGone(): Promise<void> {
    await until('both processes are gone', () => withEnvironment(this.#mark).length === 0, 3000).catch(() =>
      assert.deepEqual(withEnvironment(this.#mark), [], 'processes left behind'),
    )
  }

  killAll(): void {
    for (const pid of withEnvironment(this.#mark)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  }
}

/** Starts a client, runs the test with it, and asserts that it has ended and that no process of it is left. */
export async function withTalk(launch: Launch, test: (talk: Talk) => Promise<void>): Promise<void> {
  const talk = new Talk(launch)
  try {
    await test(talk)
    await talk.finished()
    await talk.assertGone()
  } catch (error) {
    if (error instanceof Error) error.message += `\nStandard error of the client:\n${talk.stderr}`
    throw error
  } finally {
    talk.killAll()
  }
}

export interface Said extends Ended {
  stdout: string
  stderr: string
}

/** Runs `tined connect` to its end on a complete input. */
export async function say(input: string | Uint8Array, ...args: string[]): Promise<Said> {
  let said: Said | undefined
  await withTalk(tined('connect', ...args), async (talk) => {
    talk.type(input).endInput()
    said = { ...(await talk.finished()), stdout: talk.stdout, stderr: talk.stderr }
  })
  return said as Said
}
