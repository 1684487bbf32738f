import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { atExit } from './cleanup.js'
import { until } from './deadline.js'
import { alive, type Process, processTree, readProcess } from './process-tree.js'
import { answers, freePort, portIn } from './ready.js'
import type { ServerSpec } from './server-spec.js'

export interface RunningServer {
  readonly leader: Process
  readonly port: number
  /** Resolves once every process of the server is gone. */
  readonly stop: () => Promise<void>
}

const startMs = 10_000
const stopMs = 3_000

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself.
  }
}

function killAll(leader: Process, members: readonly Process[]): void {
  if (!members.some(alive)) return
  // The group first, in one stroke: a server that goes on forking could outrun the list.
  kill(-leader.pid, 'SIGKILL')
  for (const member of members) if (alive(member)) kill(member.pid, 'SIGKILL')
}

async function stop(leader: Process): Promise<void> {
  // Listed before the first signal: a process that made a session of its own is not to be found once its parent is gone.
  const members = processTree(leader)
  const gone = () => ([...members, ...processTree(leader)].some(alive) ? undefined : true)
  kill(-leader.pid, 'SIGTERM')
  try {
    await until(gone, stopMs, 'stopping')
  } catch {
    killAll(leader, [...members, ...processTree(leader)])
    await until(gone, stopMs, 'killing')
  }
}

async function awaitReady(spec: ServerSpec, child: ChildProcess, port: number, portFile: string): Promise<number> {
  const ask = () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended at once')
    return spec.ready === 'port' ? answers(port) : portIn(portFile)
  }
  return until(ask, startMs, 'starting')
}

let started = 0

/** Starts the server in a process group of its own. The prefix is a command to run it under, such as taskset. */
export async function startServer(
  spec: ServerSpec,
  scratch: string,
  prefix: readonly string[],
): Promise<RunningServer> {
  started++
  const portFile = join(scratch, `port-${started}`)
  const log = join(scratch, `log-${started}`)
  const port = await freePort()
  const [command = spec.command, ...args] = [...prefix, spec.command, ...spec.args({ port, portFile })]
  const output = openSync(log, 'w')
  const child = spawn(command, args, { detached: true, stdio: ['ignore', output, output] })
  closeSync(output)
  // Said below, where the start fails for want of a process.
  child.on('error', () => {})
  const leader = child.pid === undefined ? undefined : readProcess(child.pid)
  if (leader === undefined) throw new Error(`cannot run ${command}`)
  const takeBack = atExit(() => killAll(leader, processTree(leader)))
  const stopNow = async () => {
    await stop(leader)
    takeBack()
  }
  try {
    return { leader, port: await awaitReady(spec, child, port, portFile), stop: stopNow }
  } catch (cause) {
    await stopNow()
    throw new Error(`did not start: ${(cause as Error).message}\n${readFileSync(log, 'utf8')}`, { cause })
  }
}
