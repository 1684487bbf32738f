/** A program under test: a real process, its output, its end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ServeOptions } from '../../src/index.js'
import { until } from './until.js'

/** What to start. */
export interface Launch {
  /** A path, or a name in test/fixtures. */
  file: string
  args: readonly string[]
  /** Put before the Node command: `setpriv …`, `sh -c 'exec "$@"' sh`. */
  under?: readonly string[]
  nodeFlags?: readonly string[]
  env?: NodeJS.ProcessEnv
  /** Gives the program a pipe as descriptor 3. */
  pipe?: boolean
  /** Descriptors for its standard output and standard error, instead of pipes to this process. */
  stdout?: number
  stderr?: number
  /** `file` is a program itself and not for Node. */
  native?: boolean
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** `bin/tined` with arguments. */
export const tined = (...args: string[]): Launch => ({ file: here('../../../bin/tined'), args })

/** A compiled program of test/fixtures; its options travel as JSON. */
export const fixture = (name: string, options: ServeOptions = {}, ...args: string[]): Launch => ({
  file: here(`../fixtures/${name}`),
  args: [JSON.stringify(options), ...args],
})

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export type LogRecord = { level: number; pid: number; msg: string } & Record<string, unknown>

/** The test runner's own settings must not reach what it tests. */
function environment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env
  return { ...env, ...extra }
}

export class Program {
  readonly child: ChildProcess
  readonly pid: number
  stdout = ''
  stderr = ''
  /** Fulfilled once the process has ended, even while its children still hold its output. */
  readonly exited: Promise<Ended>
  /** Set once it has ended. */
  ended: Ended | undefined

  constructor({ file, args, under = [], nodeFlags = [], env = {}, pipe = false, native = false, ...output }: Launch) {
    const node = native ? [] : [process.execPath, ...nodeFlags]
    const [command, ...rest] = [...under, ...node, file, ...args]
    const stdio: ('pipe' | number)[] = ['pipe', output.stdout ?? 'pipe', output.stderr ?? 'pipe']
    if (pipe) stdio.push('pipe')
    this.child = spawn(command as string, rest, { env: environment(env), stdio })
    this.pid = this.child.pid as number
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString()
    })
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString()
    })
    this.child.stdin?.on('error', () => {})
    this.exited = once(this.child, 'exit').then(([code, signal]) => {
      this.ended = { code, signal }
      return this.ended
    })
  }

  /** Fulfilled once the process has ended and its output is complete. */
  async finished(deadlineMs = 10_000): Promise<Ended> {
    await until(`the end of ${this.child.spawnargs.join(' ')}`, () => this.ended, deadlineMs)
    await until(
      'the end of its output',
      () => (this.child.stdout?.closed ?? true) && (this.child.stderr?.closed ?? true),
    )
    return this.ended as Ended
  }

  /** The JSON lines of its log so far. */
  get log(): LogRecord[] {
    return this.stderr
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogRecord)
  }

  /** Waits for a line of its log. */
  logged(what: string, wanted: (record: LogRecord) => boolean, deadlineMs = 5000): Promise<LogRecord> {
    return until(`${what} in the log`, () => this.log.find(wanted), deadlineMs)
  }

  /** Waits for text on standard output. A program that starts two servers may take a while on a busy machine. */
  printed(text: string, deadlineMs = 15_000): Promise<boolean> {
    return until(`${JSON.stringify(text)} on standard output`, () => this.stdout.includes(text), deadlineMs)
  }
}

/** Runs a program to its end; kills it at the deadline. */
export async function runToEnd(
  launch: Launch,
  deadlineMs = 10_000,
): Promise<Ended & { stdout: string; stderr: string }> {
  const program = new Program(launch)
  try {
    const ended = await program.finished(deadlineMs)
    return { ...ended, stdout: program.stdout, stderr: program.stderr }
  } finally {
    if (program.ended === undefined) process.kill(program.pid, 'SIGKILL')
  }
}
