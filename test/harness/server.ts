/** A server under test: its address, its process tree, and the proof that nothing of it stays behind. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Stats } from '../../src/supervisor/channel.js'
import { Client } from './client.js'
import {
  allStats,
  childrenOf,
  type Descriptor,
  descendantsOf,
  descriptorsOf,
  isAlive,
  withEnvironment,
  zombiesOf,
} from './proc.js'
import { type Ended, type Launch, type LogRecord, Program } from './program.js'
import { until } from './until.js'

/** Names a tree in the environment of each of its processes, so that one that escaped its parents is still found. */
const MARK = 'TINED_TEST_TREE'
const READY_MS = 15_000
/** A test that hangs must not take the others along. */
const TEST_MS = 30_000

/** The open descriptors of a server. */
interface Held {
  launcher: Descriptor[]
  supervisor: Descriptor[]
}

interface Place {
  /** For files of this test only; removed at the end. */
  folder: string
  portFile: string
}

export class TestServer extends Program {
  readonly folder: string
  readonly #portFile: string
  readonly #mark: string
  /** Every process of the tree that was seen. */
  readonly #seen = new Set<number>()
  #before: Held | undefined
  /** Where it listens: `127.0.0.1:PORT`, or `unix:PATH`. */
  address = ''
  /** The process that accepts; the launcher itself in model `single`. */
  supervisor = 0

  constructor(launch: Launch, mark: string, { folder, portFile }: Place) {
    super({ ...launch, env: { ...launch.env, [MARK]: mark } })
    this.#mark = `${MARK}=${mark}`
    this.folder = folder
    this.#portFile = portFile
  }

  async becomeReady(): Promise<void> {
    await until('the server is ready', () => existsSync(this.#portFile) || this.ended, READY_MS)
    if (this.ended !== undefined && !existsSync(this.#portFile)) throw new Error(`ended early: ${this.stderr}`)
    const port = readFileSync(this.#portFile, 'utf8').trim()
    this.address = port.startsWith('unix:') ? port : `127.0.0.1:${port}`
    this.supervisor = childrenOf(this.pid)[0] ?? this.pid
    this.observe()
    this.rememberDescriptors()
  }

  /** What is open now is what is to be open at the end: for what the launcher starts only when it is ready. */
  rememberDescriptors(): void {
    // what it reads of /proc at this moment, to look after its children, it closes in the same call
    const lasting = (pid: number): Descriptor[] =>
      descriptorsOf(pid).filter(({ target }) => !target.startsWith('/proc/'))
    this.#before = { launcher: lasting(this.pid), supervisor: lasting(this.supervisor) }
  }

  connect(): Promise<Client> {
    return Client.connect(this.address)
  }

  /** Sends a command to a fixture that serves with `serveFixture`, and returns its answer. */
  async ask<Answer>(command: string): Promise<Answer> {
    const seen = this.stdout.length
    this.child.stdin?.write(`${command}\n`)
    const answer = new RegExp(`^${command} (.*)$`, 'm')
    const line = await until(`the answer to ${command}`, () => answer.exec(this.stdout.slice(seen))?.[1])
    return JSON.parse(line) as Answer
  }

  /** Counters as `server.stats()` gives them. */
  stats(): Promise<Stats> {
    return this.ask<Stats>('stats')
  }

  /** Notes who is in the tree now, and returns the supervisor's children. */
  observe(): number[] {
    for (const pid of [this.pid, ...descendantsOf(this.pid)]) this.#seen.add(pid)
    return childrenOf(this.supervisor)
  }

  /** Waits until `count` connection processes run; returns their pids. */
  connections(count: number): Promise<number[]> {
    return until(`${count} connection processes`, () => {
      const children = this.observe()
      return children.length === count ? children : undefined
    })
  }

  /** How the supervisor says in its log that the connection process of this client ended. */
  async endOf(client: Client, deadlineMs = 5000): Promise<string> {
    const { name } = client
    // the line of the supervisor: the process itself may log its client, too
    const ended = ({ peer, role }: LogRecord): boolean => peer === name && role !== undefined
    return (await this.logged(`the end of ${name}`, ended, deadlineMs)).msg
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name)
  }

  /** Sends a signal to the launcher and waits for its end. */
  async stop(name: NodeJS.Signals = 'SIGINT'): Promise<Ended> {
    this.observe()
    this.signal(name)
    return this.finished()
  }

  /** Fails when a child that ended stays a zombie, or when launcher or supervisor hold other descriptors than at first. */
  async assertSteady(): Promise<void> {
    await until('no zombies', () => zombiesOf(this.pid).length + zombiesOf(this.supervisor).length === 0, 2000)
    const now = (): Held => ({ launcher: descriptorsOf(this.pid), supervisor: descriptorsOf(this.supervisor) })
    // in model single the last connection may still be closing
    await until('the same descriptors as at first', () => isDeepStrictEqual(now(), this.#before), 2500).catch(() =>
      assert.deepEqual(now(), this.#before, 'descriptors now, and when the server had started'),
    )
  }

  /** The tree's processes that still exist, and its zombies, unless they are init's to reap by now. */
  leftover(): string[] {
    const living = new Set(withEnvironment(this.#mark))
    const seen = this.#seen
    return allStats()
      .filter(({ pid, state, ppid }) => living.has(pid) || (state === 'Z' && seen.has(pid) && seen.has(ppid)))
      .map(({ pid, name, state, ppid }) => `${pid} (${name}) ${state}, child of ${ppid}`)
  }

  async assertGone(): Promise<void> {
    const leftover = (): string[] => this.leftover()
    // whether one is left that was seen takes a look at a few, whether any is takes one at all of the machine
    const gone = (): boolean => [...this.#seen].every((pid) => !isAlive(pid)) && leftover().length === 0
    await until('gone', gone, 3000).catch(() => {
      assert.deepEqual(leftover(), [], 'processes left behind')
    })
  }

  /** Whatever a failed test left. */
  killAll(): void {
    for (const pid of withEnvironment(this.#mark)) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // it ended by itself
      }
    }
  }
}

function deadlineIn(ms: number): { passed: Promise<never>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the test took longer than ${ms} ms`)), ms)
  })
  return { passed, cancel: () => clearTimeout(timer) }
}

/**
 * Starts a server, runs the test with it, stops it with SIGINT unless the test did, and asserts a clean end:
 * status 0, no zombie, no descriptor leaked, no process left.
 */
export async function withServer(launch: Launch, test: (server: TestServer) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tined-'))
  chmodSync(folder, 0o777) // the server may run as somebody else
  const portFile = join(folder, 'port')
  const server = new TestServer({ ...launch, env: { ...launch.env, TINED_PORT_FILE: portFile } }, randomUUID(), {
    folder,
    portFile,
  })
  const deadline = deadlineIn(TEST_MS)
  try {
    await Promise.race([server.becomeReady().then(() => test(server)), deadline.passed])
    if (server.ended === undefined && isAlive(server.pid)) {
      await server.assertSteady()
      assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.stderr)
    }
    await server.assertGone()
  } catch (error) {
    const lastLines = server.stderr.split('\n').slice(-15).join('\n')
    if (error instanceof Error) error.message += `\nThe end of the server's standard error:\n${lastLines}`
    throw error
  } finally {
    deadline.cancel()
    server.killAll()
    rmSync(folder, { recursive: true, force: true })
  }
}
