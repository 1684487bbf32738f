/** One client after another: each sends lines of its own, and holds every byte that comes back against them. */
import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { target } from '../../test/harness/client.js'
import { type Conversation, lineOf } from './lines.js'
import type { WellTime } from './well-time.js'

/** What the clients of a run have in common. */
export interface Ground {
  readonly addresses: readonly string[]
  readonly wellTime: WellTime
  /** The most lines of a connection: those who are served one after another shall not wait for long. */
  readonly mostLines: number
  readonly wrong: string[]
  readonly conversations: Conversation[]
  /** Told of each connection that the server has broken off. */
  broke(client: ChaosClient): void
}

/** Between attempts to connect, while a server is started anew. */
const AGAIN_MS = 20
const PAUSE_MS = 80
/** Whoever has nothing to say keeps a process that nobody has ended. */
const IDLE = 0.1
const IDLE_MS = 6000
const AT_ONCE = 6
/** Now and then so many lines that pipes fill. */
const FLOOD = 0.01
const FLOOD_LINES = 400
/** Leaves without waiting for what it has asked. */
const RUDE = 0.05

export class ChaosClient {
  readonly #ground: Ground
  readonly #index: number
  readonly #random: () => number
  #count = 0
  #conversation: Conversation | undefined
  #socket: net.Socket | undefined
  /** What came of the line that is coming. */
  #partial = ''
  /** It has broken off itself. */
  #left = false
  #wake: () => void = () => {}
  #stopping = false
  /** Since when it waits for the server, in well time. */
  waitingSinceMs: number | undefined
  /** Our side of the connection, as the server's processes are called by it; undefined where there is no port. */
  name: string | undefined
  /** When the connection was begun. */
  begunAt = 0
  /** Echoes and ends of connections: it goes on as long as this counts. */
  progress = 0
  /** Waits for nothing. */
  idle = false
  longestMs = 0

  constructor(ground: Ground, index: number, random: () => number) {
    this.#ground = ground
    this.#index = index
    this.#random = random
  }

  get described(): string {
    const { name = 'nobody yet', sent = 0, echoed = 0 } = this.#conversation ?? {}
    return `${name} (${this.name ?? 'unix'}), ${echoed} of ${sent} lines echoed, begun ${(performance.now() - this.begunAt).toFixed(0)} ms ago`
  }

  /** Whether its connection was accepted. */
  get served(): boolean {
    return (this.#conversation?.echoed ?? 0) > 0
  }

  async run(): Promise<void> {
    while (!this.#stopping) await this.#converse()
  }

  /** Once what it has asked is answered. */
  stop(): void {
    this.#stopping = true
  }

  /** It has waited long enough. */
  giveUp(): void {
    this.waitingSinceMs = undefined
    this.progress++
    this.#left = true
    this.#socket?.destroy(new Error('given up'))
  }

  async #converse(): Promise<void> {
    const socket = await this.#connect()
    if (socket === undefined) return
    const conversation: Conversation = { name: `${this.#index}.${this.#count++}`, sent: 0, echoed: 0 }
    this.#ground.conversations.push(conversation)
    this.#conversation = conversation
    this.#partial = ''
    this.#left = false
    let over = false
    const end = (): void => {
      over = true
      this.#wake()
    }
    socket.on('data', (chunk: string) => this.#take(conversation, chunk))
    socket.on('end', end).on('close', end)
    await this.#talk(socket, conversation, () => over)
    if (this.#random() < IDLE && this.#ground.mostLines > AT_ONCE) await this.#stay(() => over)
    const early = over
    if (this.#random() < RUDE) this.#leave()
    else {
      socket.end()
      await this.#waitFor(() => over)
    }
    this.#checkEnd(conversation, early)
    this.progress++
    socket.destroy()
  }

  async #talk(socket: net.Socket, conversation: Conversation, over: () => boolean): Promise<void> {
    const { mostLines } = this.#ground
    const lines = 1 + Math.floor(this.#random() * mostLines)
    while (conversation.sent < lines && !over() && !this.#stopping) {
      const some = Math.min(1 + Math.floor(this.#random() * AT_ONCE), lines - conversation.sent)
      const count = this.#random() < FLOOD && mostLines > AT_ONCE ? FLOOD_LINES : some
      const first = conversation.sent
      conversation.sent += count
      const text = Array.from({ length: count }, (_, at) => `${lineOf(conversation.name, first + at)}\n`).join('')
      socket.write(text, 'latin1')
      if (this.#random() < RUDE) return
      await this.#waitFor(() => conversation.echoed === conversation.sent || over())
      if (mostLines > AT_ONCE) await delay(this.#random() * PAUSE_MS)
    }
  }

  /** Asks for nothing, and is there. */
  async #stay(over: () => boolean): Promise<void> {
    const until = performance.now() + IDLE_MS
    this.idle = true
    while (performance.now() < until && !over() && !this.#stopping) await delay(AGAIN_MS)
    this.idle = false
  }

  #checkEnd({ name, sent, echoed }: Conversation, early: boolean): void {
    const expected = echoed < sent ? lineOf(name, echoed) : ''
    if (!expected.startsWith(this.#partial))
      this.#ground.wrong.push(`${this.described}: at the end came ${this.#partial.slice(0, 120)}`)
    if (!this.#left && (early || echoed < sent)) this.#ground.broke(this)
  }

  #leave(): void {
    this.#left = true
    this.#socket?.destroy()
  }

  async #connect(): Promise<net.Socket | undefined> {
    const { addresses } = this.#ground
    while (!this.#stopping) {
      this.waitingSinceMs ??= this.#ground.wellTime.ms
      const address = addresses[Math.floor(this.#random() * addresses.length)] as string
      const socket = net.connect({ ...target(address), allowHalfOpen: true })
      this.#socket = socket
      this.begunAt = performance.now()
      try {
        await once(socket, 'connect')
        this.waitingSinceMs = undefined
        socket.on('error', () => {})
        socket.setEncoding('latin1')
        this.name = socket.localPort === undefined ? undefined : `${socket.localAddress}:${socket.localPort}`
        return socket
      } catch {
        await delay(AGAIN_MS)
      }
    }
    return undefined
  }

  #take(conversation: Conversation, chunk: string): void {
    const lines = (this.#partial + chunk).split('\n')
    this.#partial = lines.pop() ?? ''
    for (const line of lines) {
      const { name, echoed, sent } = conversation
      if (echoed >= sent || line !== lineOf(name, echoed)) {
        this.#ground.wrong.push(`${this.described}: expected line ${echoed}, got ${line.slice(0, 120)}`)
        this.#leave()
        return
      }
      conversation.echoed++
      this.progress++
      // each echo is waited for by itself
      this.#waited()
    }
    this.#wake()
  }

  #waited(): void {
    const { ms } = this.#ground.wellTime
    if (this.waitingSinceMs !== undefined) this.longestMs = Math.max(this.longestMs, ms - this.waitingSinceMs)
    this.waitingSinceMs = ms
  }

  async #waitFor(done: () => boolean): Promise<void> {
    this.waitingSinceMs = this.#ground.wellTime.ms
    while (!done())
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    this.#waited()
    this.waitingSinceMs = undefined
  }
}
