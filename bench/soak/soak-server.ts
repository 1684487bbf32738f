/** A soak server in a process group of its own: its counters, its descriptors, what it logs, and its end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { descriptors } from '../../src/fork/descriptors.js'
import type { Stats } from '../../src/supervisor/channel.js'
import { atExit } from '../lib/cleanup.js'
import { until } from '../lib/deadline.js'
import { alive, type Process, processTree, readProcess } from '../lib/process-tree.js'
import { portIn } from '../lib/ready.js'

const program = fileURLToPath(new URL('server.js', import.meta.url))

/** What each of the two processes that stay has open. */
export const held = (leader: Process, supervisor: number): string[] =>
  [leader.pid, supervisor].flatMap((pid) =>
    descriptors(pid)
      .sort((a, b) => a.fd - b.fd)
      .map(({ fd, target }) => `${pid === supervisor ? 'supervisor' : 'launcher'} ${fd} ${target}`),
  )

export class SoakServer {
  readonly #child: ChildProcess
  readonly #log: string
  readonly #answers: string[] = []
  readonly leader: Process
  port = 0

  private constructor(child: ChildProcess, leader: Process, log: string) {
    this.#child = child
    this.leader = leader
    this.#log = log
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => this.#answers.push(line))
  }

  static async start(style: string, scratch: string): Promise<SoakServer> {
    const name = style.replace(/\W/g, '-')
    const [log, portFile] = [join(scratch, `${name}.log`), join(scratch, `${name}.port`)]
    writeFileSync(portFile, '')
    const output = openSync(log, 'w')
    const args = [program, style, portFile]
    const child = spawn(process.execPath, args, { detached: true, stdio: ['pipe', 'pipe', output] })
    closeSync(output)
    const leader = child.pid === undefined ? undefined : readProcess(child.pid)
    if (leader === undefined) throw new Error(`cannot run ${program}`)
    const server = new SoakServer(child, leader, log)
    atExit(() => server.kill())
    server.port = await until(() => portIn(portFile), 20_000, `starting ${style}`)
    return server
  }

  kill(): void {
    if (alive(this.leader)) process.kill(-this.leader.pid, 'SIGKILL')
  }

  async stats(): Promise<Stats> {
    this.#child.stdin?.write('stats\n')
    return JSON.parse(await until(() => this.#answers.shift(), 10_000, 'the counters')) as Stats
  }

  /** What the supervisor logged: each line is a process that ended badly, or trouble of its own. */
  complaints(): string[] {
    return readFileSync(this.#log, 'utf8').split('\n').filter(Boolean)
  }

  /** Ends it gracefully. Returns what is wrong with how it ended. */
  async stop(): Promise<string[]> {
    const members = processTree(this.leader)
    process.kill(this.leader.pid, 'SIGTERM')
    const ended = await until(() => this.#child.exitCode ?? this.#child.signalCode ?? undefined, 30_000, 'stopping')
    const left = [...members, ...processTree(this.leader)].filter(alive)
    return [
      ...(ended === 0 ? [] : [`the server ended with ${ended}`]),
      ...left.map(({ pid }) => `process ${pid} was left behind`),
    ]
  }
}
