/** A HAProxy under test, before a server on this machine. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exactAddress } from '../../src/libc/address.js'
import { SOCK_CLOEXEC, SOCK_STREAM } from '../../src/libc/constants.js'
import { close } from '../../src/libc/fd.js'
import { bind, getsockname, listen, socket } from '../../src/libc/socket.js'
import { PATH } from './nats.js'

export const noHaproxy =
  spawnSync('haproxy', ['-v'], { env: { PATH } }).status === 0 ? false : 'no haproxy: apt-get install haproxy'

export class Haproxy {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tined-haproxy-'))
  readonly #child: ChildProcess
  readonly address: string
  output = ''

  /** @param server its address and what follows it in a line `server` of the configuration */
  constructor(server: string) {
    // it has the socket from here: whoever connects waits until it is ready
    const anyPort = { family: 'IPv4', address: '127.0.0.1', port: 0 } as const
    const listener = socket(anyPort, SOCK_STREAM | SOCK_CLOEXEC)
    bind(listener, anyPort)
    listen(listener, 512)
    this.address = exactAddress(getsockname(listener))
    const file = join(this.#folder, 'haproxy.cfg')
    writeFileSync(
      file,
      `global
    maxconn 2000
defaults
    mode tcp
    timeout connect 5s
    timeout client 1m
    timeout server 1m
listen tined
    bind fd@3
    server one ${server}
`,
    )
    this.#child = spawn('haproxy', ['-db', '-f', file], { env: { PATH }, stdio: ['ignore', 'pipe', 'pipe', listener] })
    close(listener)
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString()
      })
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL')
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit')
    rmSync(this.#folder, { recursive: true })
  }
}
