/** A JetStream under test: Debian's nats-server, and the client by which a stream is read back. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { type ConnectionOptions, connect } from '@nats-io/transport-node'
import { until } from './until.js'

/** Debian has it where a user's PATH may not look. */
export const PATH = `${process.env['PATH']}:/usr/sbin`

export const noNats =
  spawnSync('nats-server', ['--version'], { env: { PATH } }).status === 0
    ? false
    : 'no nats-server: apt-get install nats-server'

/** A message of a stream. */
export interface Streamed {
  readonly message: Buffer
  readonly text: string
  readonly id: string
  readonly sequence: number
  readonly peer: string
}

/** All that a stream has, in its order. */
export async function streamed(server: string, stream: string, who: ConnectionOptions = {}): Promise<Streamed[]> {
  const connection = await connect({ servers: server, reconnect: false, ...who })
  try {
    const { messages } = (await (await jetstreamManager(connection)).streams.info(stream)).state
    const found: Streamed[] = []
    if (messages === 0) return found
    const consumer = await jetstream(connection).consumers.get(stream)
    const consuming = await consumer.consume({ max_messages: 5000 })
    for await (const message of consuming) {
      const header = (name: string): string => message.headers?.get(name) ?? ''
      found.push({
        message: Buffer.from(message.data),
        text: message.string(),
        id: header('Nats-Msg-Id'),
        sequence: Number(header('Tined-Seq')),
        peer: header('Tined-Peer'),
      })
      if (found.length === messages) break
    }
    return found
  } finally {
    await connection.close()
  }
}

export class Nats {
  readonly folder = mkdtempSync(join(tmpdir(), 'tined-nats-'))
  readonly #more: readonly string[]
  #child: ChildProcess | undefined
  #port = 0

  /** @param more arguments */
  constructor(...more: string[]) {
    this.#more = more
  }

  /** `127.0.0.1:PORT`, the same each time that it is started. */
  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  async start(): Promise<this> {
    const ports = mkdtempSync(join(this.folder, 'ports-'))
    const at = ['-a', '127.0.0.1', '-p', this.#port === 0 ? '-1' : `${this.#port}`, '--ports_file_dir', ports]
    const args = [...at, '-js', '-sd', join(this.folder, 'data'), ...this.#more]
    this.#child = spawn('nats-server', args, { stdio: 'ignore', env: { PATH } })
    const url = await until('nats-server', () => {
      if (this.#child?.exitCode !== null) throw new Error('nats-server does not start')
      const [file] = readdirSync(ports)
      const text = file === undefined ? '' : readFileSync(join(ports, file), 'utf8')
      return /"(?:nats|tls):\/\/127\.0\.0\.1:(\d+)"/.exec(text)?.[1]
    })
    this.#port = Number(url)
    return this
  }

  /** With SIGKILL. */
  async kill(): Promise<void> {
    if (this.#child === undefined) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
    this.#child = undefined
  }

  /** Without waiting. */
  killNow(): void {
    this.#child?.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }

  async end(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
