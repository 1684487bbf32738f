// Clients that never give up: each sends numbered lines, connects again when it is cut off, and sends again what has not come back.
// Arguments: host, port, how many. Prints what it counts, a line for each change of a second; ends, once all has come back, when told.
import { connect, type Socket } from 'node:net'

const [, , host = '', port = '', count = '1'] = process.argv
/** Lines that have not come back, of one client. */
const WINDOW = 4
/** Before another one is sent. */
const PAUSE_MS = 20
/** A connection on which nothing comes for so long is given up. */
const SILENT_MS = 20_000
const AGAIN_MS = 100

let ending = false

class Client {
  readonly #name: string
  #sent = 0
  back = 0
  /** Lines that were sent more than once. */
  again = 0
  connections = 0
  #waiting: string[] = []
  #socket: Socket | undefined

  constructor(name: string) {
    this.#name = name
    this.#connect()
  }

  get done(): boolean {
    return ending && this.#waiting.length === 0
  }

  #connect(): void {
    this.connections++
    const socket = connect({ host, port: Number(port), timeout: SILENT_MS })
    this.#socket = socket
    let got = ''
    socket.on('data', (chunk) => {
      got += chunk
      for (let end = got.indexOf('\n'); end >= 0; end = got.indexOf('\n')) {
        this.#take(got.slice(0, end))
        got = got.slice(end + 1)
      }
    })
    socket.on('connect', () => {
      this.again += this.#waiting.length
      for (const line of this.#waiting) socket.write(`${line}\n`)
      this.#fill()
    })
    socket.on('timeout', () => socket.destroy())
    socket.on('error', () => {}) // said by close
    socket.on('close', () => {
      this.#socket = undefined
      if (!this.done) setTimeout(() => this.#connect(), AGAIN_MS)
    })
  }

  #take(line: string): void {
    if (line !== this.#waiting[0]) throw new Error(`${this.#name}: waited for ${this.#waiting[0]}, got ${line}`)
    this.#waiting.shift()
    this.back++
    if (this.done) this.#socket?.end()
    else setTimeout(() => this.#fill(), PAUSE_MS)
  }

  #fill(): void {
    while (!ending && this.#socket?.readyState === 'open' && this.#waiting.length < WINDOW) {
      const line = `${this.#name}:${++this.#sent} ${'m'.repeat(80)}`
      this.#waiting.push(line)
      this.#socket.write(`${line}\n`)
    }
  }
}

const clients = Array.from({ length: Number(count) }, (_, index) => new Client(`client-${index}`))
const sum = (of: (client: Client) => number): number => clients.reduce((total, client) => total + of(client), 0)

const tell = (): void => {
  const counts = {
    back: sum(({ back }) => back),
    again: sum(({ again }) => again),
    connections: sum(({ connections }) => connections),
    each: clients.map(({ back }) => back),
    done: clients.every(({ done }) => done),
  }
  process.stdout.write(`${JSON.stringify(counts)}\n`)
  if (counts.done) process.exit(0)
}
setInterval(tell, 100)
process.stdin.on('data', () => {
  ending = true
})
