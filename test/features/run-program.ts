/** Runs a compiled program of this folder in a process group of its own. Never fork inside a test runner: it has threads. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { membersOf } from './group.js'
import { STANDARD_INPUT } from './probe.js'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  timedOut: boolean
  /** State and name of each process of the group that outlived the program. */
  leftover: string[]
}

/** The test runner's own settings must not reach what it tests. */
function environment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env
  return { ...env, ...extra }
}

export interface ProgramOptions {
  nodeFlags?: string[]
  env?: NodeJS.ProcessEnv
}

/** Resolves when the program and all its output have ended, or the deadline has killed its group. */
export async function runProgram(
  name: string,
  args: string[],
  deadlineMs: number,
  { nodeFlags = [], env = {} }: ProgramOptions = {},
): Promise<Ended> {
  const path = fileURLToPath(new URL(name, import.meta.url))
  const child = spawn(process.execPath, [...nodeFlags, path, ...args], { detached: true, env: environment(env) })
  const pid = child.pid as number
  let timedOut = false
  const deadline = setTimeout(() => {
    timedOut = true
    signalGroup(pid, 'SIGKILL')
  }, deadlineMs)
  // a program that ends early does not read all of it
  child.stdin.on('error', () => {})
  child.stdin.end(STANDARD_INPUT)
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ])
  clearTimeout(deadline)
  const leftover = signalGroup(pid, 0) ? membersOf(pid).map(({ words }) => words) : []
  signalGroup(pid, 'SIGKILL')
  return { code, signal, stdout, stderr, timedOut, leftover }
}

/** Reports whether the group has a member, a zombie included. */
function signalGroup(pgid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pgid, signal)
    return true
  } catch {
    return false
  }
}
