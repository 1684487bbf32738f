/** A client of the server under test: a socket that can be read by count, half-closed and reset. */
import { once } from 'node:events'
import net from 'node:net'

/** Options of net.connect for `127.0.0.1:9190`, `[::1]:9190`, `unix:/path`. */
export function target(address: string): net.NetConnectOpts {
  if (address.startsWith('unix:')) return { path: address.slice('unix:'.length) }
  const match = /^\[?(.*?)\]?:(\d+)$/.exec(address)
  return { host: match?.[1] ?? '', port: Number(match?.[2]) }
}

const PATIENCE_MS = 10_000

export class Client {
  readonly socket: net.Socket
  #received: Buffer[] = []
  #count = 0
  #ended = false
  #error: NodeJS.ErrnoException | undefined
  #wake: () => void = () => {}
  /** Our own `HOST:PORT`, as the server logs it. */
  readonly name: string

  constructor(socket: net.Socket) {
    this.socket = socket
    const { localAddress, localPort, localFamily } = socket
    this.name = localFamily === 'IPv6' ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`
    socket.on('data', (chunk) => {
      this.#received.push(chunk)
      this.#count += chunk.length
      this.#wake()
    })
    socket.on('end', () => {
      this.#ended = true
      this.#wake()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#error = error
      this.#wake()
    })
  }

  /** Connects; half-open, so that an end of the server leaves our side open. */
  static async connect(address: string): Promise<Client> {
    const socket = net.connect({ ...target(address), allowHalfOpen: true })
    await once(socket, 'connect')
    return new Client(socket)
  }

  get bytesReceived(): number {
    return this.#count
  }

  send(data: string | Uint8Array): this {
    this.socket.write(data)
    return this
  }

  /** Half-closes after what was sent. */
  end(): this {
    this.socket.end()
    return this
  }

  /** Breaks off with a reset. */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  close(): void {
    this.socket.destroy()
  }

  /** The next `count` bytes. @throws when the server ends or breaks off before */
  async take(count: number): Promise<Buffer> {
    await this.#wait(`${count} bytes`, () => this.#count >= count || this.#ended)
    if (this.#count < count) throw new Error(`the server ended after ${this.#count} bytes of ${count}`)
    const all = Buffer.concat(this.#received)
    this.#received = [all.subarray(count)]
    this.#count -= count
    return all.subarray(0, count)
  }

  async takeText(count: number): Promise<string> {
    return (await this.take(count)).toString()
  }

  /** Sends, and takes as many bytes as were sent. */
  async exchange(text: string): Promise<string> {
    this.send(text)
    return this.takeText(Buffer.byteLength(text))
  }

  /** Everything until the server ends. @throws when it breaks off */
  async rest(patienceMs = PATIENCE_MS): Promise<Buffer> {
    await this.#wait('the end', () => this.#ended, patienceMs)
    return Buffer.concat(this.#received)
  }

  /** Waits until the server has ended its side or has broken off. */
  async gone(): Promise<void> {
    await this.#wait('the end', () => this.#ended || this.#error !== undefined)
  }

  async #wait(what: string, done: () => boolean, patienceMs = PATIENCE_MS): Promise<void> {
    const deadline = performance.now() + patienceMs
    while (!done()) {
      if (this.#error !== undefined) throw this.#error
      if (performance.now() > deadline) throw new Error(`no ${what} within ${patienceMs} ms; ${this.#count} bytes came`)
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        timer = setTimeout(resolve, 100)
      })
      clearTimeout(timer)
    }
  }
}

/** Connects, sends, half-closes, and returns all that comes back. */
export async function converse(address: string, data: string | Uint8Array): Promise<Buffer> {
  const client = await Client.connect(address)
  try {
    return await client.send(data).end().rest()
  } finally {
    client.close()
  }
}

/** The code of the error that connecting gives; undefined when it works. */
export async function refusal(address: string): Promise<string | undefined> {
  try {
    const client = await Client.connect(address)
    client.close()
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}
