/** The ways to start a program: by Node, with a loader, under a process manager. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../../bench/lib/deadline.js'
import { freePort } from '../../bench/lib/ready.js'

/** A program that was started; `ended` once it is over: its status, or the signal. */
export interface Started {
  readonly pid: number
  ended(): number | string | undefined
  /** Asks it to stop, as whoever started it does. */
  stop(): void
  /** What has to go after it. */
  clear(): void
}

export interface Setup {
  readonly node: string
  readonly installed: string
  /** Of this run. */
  readonly folder: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

const MANAGER_MS = 60_000

function spawned(child: ChildProcess): Started {
  return {
    pid: child.pid ?? 0,
    ended: () => child.exitCode ?? child.signalCode ?? undefined,
    stop: () => void child.kill('SIGTERM'),
    clear: () => undefined,
  }
}

export function startByNode({ node, installed, folder, args, env }: Setup, before: readonly string[] = []): Started {
  const output = openSync(join(folder, 'log'), 'w')
  const child = spawn(node, [...before, ...args], {
    cwd: installed,
    env,
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  return spawned(child)
}

interface Managed {
  pid: number
  pm2_env: { status: string; exit_code?: number }
}

const isRunning = ({ pm2_env: { status } }: Managed): boolean => status === 'online' || status === 'stopping'

/**
 * PM2 starts a process of its own that stays, and runs the program as its child, with a channel between them.
 *
 * @param copies more than one: in cluster mode, all with one port
 */
export async function startByPm2({ node, installed, folder, args, env }: Setup, copies = 1): Promise<Started> {
  const own = { PM2_HOME: join(folder, 'pm2'), PM2_KILL_SIGNAL: 'SIGTERM', NO_COLOR: '1' }
  const home = { ...env, ...own, ...(copies > 1 ? { CHECK_PORT: `${await freePort()}` } : {}) }
  const pm2 = (...words: string[]): string =>
    execFileSync(node, [join(installed, 'node_modules/pm2/bin/pm2'), ...words], {
      cwd: installed,
      env: home,
      encoding: 'utf8',
      timeout: MANAGER_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const log = join(folder, 'log')
  const [script = '', ...rest] = args
  const flags = ['--name', 'check', '--no-autorestart', '--interpreter', node, '--output', log, '--error', log]
  if (copies > 1) flags.push('--instances', `${copies}`)
  pm2('start', script, ...flags, '--kill-timeout', '20000', '--', ...rest)
  /** The one that is not over, or has failed, if there is such. */
  const look = (): Managed | undefined => {
    const list = pm2('jlist')
    const managed = JSON.parse(list.slice(list.indexOf('['))) as Managed[]
    return managed.find(isRunning) ?? managed.find(({ pm2_env }) => pm2_env.exit_code !== 0) ?? managed[0]
  }
  const { pid } = await until(look, MANAGER_MS, 'starting by PM2')
  return {
    pid,
    ended() {
      const managed = look()
      if (managed !== undefined && isRunning(managed)) return undefined
      return managed?.pm2_env.exit_code ?? 'unknown to PM2'
    },
    stop: () => void pm2('stop', 'check'),
    clear: () => void pm2('kill'),
  }
}
