/// <reference types="node" preserve="true" />
/**
 * `tined/testing`: starts a server program in a process of its own, for tests. Test runners have threads, or serve modules through
 * loaders, and a server cannot be forked from within them; a program beside them is what users will run anyway.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** Options of `startProgram`. Every one has a default. */
export interface ProgramOptions {
  /** Arguments of the program. */
  args?: readonly string[] | undefined
  /** Variables besides those of this process; undefined removes one. */
  env?: Readonly<Record<string, string | undefined>> | undefined
  /** Options of Node before the program, for example `['--import', 'tsx']`. @default none */
  nodeArgs?: readonly string[] | undefined
  /** How long the program may take to serve, in milliseconds. @default 10000 */
  startTimeoutMs?: number | undefined
  /** How long it may take to end once it was told to, in milliseconds; then it is killed. @default 5000 */
  stopTimeoutMs?: number | undefined
}

/** How a program ended. */
export interface ProgramExit {
  /** The exit status; null when a signal ended it. */
  code: number | null
  signal: NodeJS.Signals | null
}

/** A server program that serves. */
export interface StartedProgram extends AsyncDisposable {
  /** Where its first server listens: `127.0.0.1:40123`. */
  readonly address: string
  readonly addresses: readonly string[]
  /** The process that called `serve`. */
  readonly pid: number
  /** What it has printed so far, standard error included. */
  readonly output: string
  /** Fulfilled when it has ended. */
  readonly exited: Promise<ProgramExit>
  /** Sends SIGTERM, and waits until it has ended. */
  stop(): Promise<ProgramExit>
}

/** The descriptor on which `serve` of the program tells its addresses. */
const ANNOUNCE_FD = 3

/**
 * Runs `node FILE` and waits until its first `serve()` accepts. Let the program listen on port 0.
 *
 * @param file a path, or a file: URL
 * @throws {Error} when the program ends before it serves, or does not serve in time; the message has what it printed
 * @example
 * ```ts
 * await using program = await startProgram(new URL('../app.js', import.meta.url))
 * const client = await connect(program.address)
 * ```
 */
export async function startProgram(file: string | URL, options: ProgramOptions = {}): Promise<StartedProgram> {
  const { args = [], env = {}, nodeArgs = [], startTimeoutMs = 10_000, stopTimeoutMs = 5_000 } = options
  const path = file instanceof URL ? fileURLToPath(file) : file
  const child = spawn(process.execPath, [...nodeArgs, path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env, TINED_ANNOUNCE_FD: String(ANNOUNCE_FD) },
  })
  const printed = outputOf(child)
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }) as ProgramExit)
  const stop = async (): Promise<ProgramExit> => {
    child.kill('SIGTERM')
    const killing = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    return exited.finally(() => clearTimeout(killing))
  }
  const failed = (what: string): Error => new Error(`${path} ${what}; it printed:\n${printed()}`)
  const late = new AbortController()
  const limit = setTimeout(() => late.abort(failed(`did not serve within ${startTimeoutMs} ms`)), startTimeoutMs)
  try {
    const addresses = await Promise.race([
      announced(child),
      exited.then(({ code, signal }) =>
        Promise.reject(failed(`ended with ${signal ?? `status ${code}`} before it served`)),
      ),
      once(late.signal, 'abort').then(() => Promise.reject(late.signal.reason)),
    ])
    return {
      address: addresses[0] as string,
      addresses,
      pid: child.pid as number,
      get output() {
        return printed()
      },
      exited,
      stop,
      async [Symbol.asyncDispose]() {
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  } finally {
    clearTimeout(limit)
  }
}

function outputOf(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
  return () => text
}

/** The first line on the descriptor is JSON; what never comes is the affair of those who race with it. */
function announced(child: ChildProcess): Promise<string[]> {
  const lines = createInterface({ input: child.stdio[ANNOUNCE_FD] as Readable })
  return new Promise((resolve) => lines.once('line', (line) => resolve(JSON.parse(line).addresses as string[])))
}
