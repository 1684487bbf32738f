/** Hosts with a network of their own: each is a namespace of network and of processes, all of them at one bridge. namespaces(7) */
import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import { atExit } from '../../bench/lib/cleanup.js'
import { until } from '../../bench/lib/deadline.js'

const START_MS = 5000
/** Waits for its cable, takes its address and becomes the program. */
const BOOT = `ip link set lo up
until ip link set eth0 up 2>/dev/null; do sleep 0.02; done
ip addr add "$0/24" dev eth0
exec "$@"`

const inNamespace = (pid: number, ...command: string[]): void => {
  execFileSync('nsenter', ['--target', `${pid}`, '--net', ...command], { stdio: ['ignore', 'ignore', 'pipe'] })
}

const namespaceOf = (process: number | 'self'): string => readlinkSync(`/proc/${process}/ns/net`)

/** Before that it shares the network of this machine, which is none of ours. */
const unshared = (pid: number): Promise<true> =>
  until(() => namespaceOf(pid) !== namespaceOf('self') || undefined, START_MS, 'a network of its own')

export class Host {
  readonly #child: ChildProcess
  readonly #unplug: () => void

  constructor(child: ChildProcess, unplug: () => void) {
    this.#child = child
    this.#unplug = unplug
  }

  get stdin(): NodeJS.WritableStream {
    return this.#child.stdin as NodeJS.WritableStream
  }

  get stdout(): NodeJS.ReadableStream {
    return this.#child.stdout as NodeJS.ReadableStream
  }

  /** Its program's status, or why there is none. */
  async ended(): Promise<number | string> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit')
    return this.#child.exitCode ?? this.#child.signalCode ?? ''
  }

  /** As when its power is cut: nobody hears of it any more, and no process of it is left. */
  async cut(): Promise<void> {
    this.#unplug()
    await this.end()
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL')
    await until(
      () => this.#child.exitCode !== null || this.#child.signalCode !== null || undefined,
      START_MS,
      'ending a host',
    )
  }
}

export class Network {
  readonly #hub: number
  #hosts = 0

  private constructor(hub: number) {
    this.#hub = hub
  }

  static async open(): Promise<Network> {
    const hub = spawn('unshare', ['--net', 'sleep', '1d'], { stdio: 'ignore' })
    atExit(() => hub.kill('SIGKILL'))
    const pid = hub.pid as number
    await unshared(pid)
    inNamespace(pid, 'ip', 'link', 'add', 'bridge', 'type', 'bridge')
    inNamespace(pid, 'ip', 'link', 'set', 'bridge', 'up')
    return new Network(pid)
  }

  /** Starts a host that runs one program, as its process 1. */
  async start(address: string, command: readonly string[], stdio: StdioOptions): Promise<Host> {
    const own = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc']
    const child = spawn('unshare', [...own, 'sh', '-c', BOOT, address, ...command], { stdio })
    const takeBack = atExit(() => child.kill('SIGKILL'))
    child.once('exit', takeBack)
    await unshared(child.pid as number)
    const cable = `host${++this.#hosts}`
    this.#plug(cable, child.pid as number)
    return new Host(child, () => inNamespace(this.#hub, 'ip', 'link', 'set', cable, 'down'))
  }

  #plug(cable: string, pid: number): void {
    inNamespace(this.#hub, 'ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', `${pid}`)
    inNamespace(this.#hub, 'ip', 'link', 'set', cable, 'master', 'bridge', 'up')
  }
}
