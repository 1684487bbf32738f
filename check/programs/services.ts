/** PostgreSQL, Redis and NATS on ports of their own, for as long as the check runs. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { atExit } from '../../bench/lib/cleanup.js'
import { until } from '../../bench/lib/deadline.js'
import { installed, installedPostgres, nobody } from '../../bench/lib/installed.js'
import { answers, freePort } from '../../bench/lib/ready.js'

export type Service = 'postgres' | 'redis' | 'nats'

/** The variable that says where it is, or why there is none. */
export type Running = { readonly env: NodeJS.ProcessEnv } | { readonly missing: string }

const START_MS = 60_000

async function keep(child: ChildProcess, port: number, name: string): Promise<void> {
  atExit(() => child.kill('SIGKILL'))
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`)
      return answers(port)
    },
    START_MS,
    `starting ${name}`,
  )
}

const starts: Record<Service, (scratch: string, port: number) => Promise<Running>> = {
  async postgres(scratch, port) {
    const [initdb, postgres] = [installedPostgres('initdb'), installedPostgres('postgres')]
    if (initdb === undefined || postgres === undefined) return { missing: 'no initdb: apt-get install postgresql' }
    // it refuses to run as root
    const user = process.getuid?.() === 0 ? nobody() : undefined
    const data = join(scratch, 'postgres')
    mkdirSync(data)
    if (user !== undefined) chownSync(data, user.uid, user.gid)
    const options = { ...user, cwd: data, stdio: 'ignore' } as const
    execFileSync(initdb, ['-D', data, '-U', 'tined', '-A', 'trust', '--no-sync'], options)
    const settings = [
      'fsync=off',
      'max_connections=200',
      `unix_socket_directories=${data}`,
      'listen_addresses=127.0.0.1',
    ]
    const args = ['-D', data, '-p', `${port}`, ...settings.flatMap((setting) => ['-c', setting])]
    await keep(spawn(postgres, args, options), port, 'postgres')
    return { env: { CHECK_POSTGRES: `postgres://tined@127.0.0.1:${port}/postgres` } }
  },
  async redis(scratch, port) {
    const program = installed('redis-server')
    if (program === undefined) return { missing: 'no redis-server: apt-get install redis-server' }
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', scratch]
    await keep(spawn(program, args, { stdio: 'ignore' }), port, 'redis-server')
    return { env: { CHECK_REDIS: `redis://127.0.0.1:${port}` } }
  },
  async nats(_scratch, port) {
    const program = installed('nats-server')
    if (program === undefined) return { missing: 'no nats-server: apt-get install nats-server' }
    await keep(spawn(program, ['-a', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' }), port, 'nats-server')
    return { env: { CHECK_NATS: `127.0.0.1:${port}` } }
  },
}

const running = new Map<Service, Promise<Running>>()

/** Starts it, once. */
export function service(name: Service, scratch: string): Promise<Running> {
  const known = running.get(name)
  if (known !== undefined) return known
  const started = freePort()
    .then((port) => starts[name](scratch, port))
    .catch((error: Error) => ({ missing: `${name} does not start: ${error.message}` }))
  running.set(name, started)
  return started
}
