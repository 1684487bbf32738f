/**
 * Handlers of our own that are rehearsed in the place of a user's, which is not to be run unasked: of the same kind, and several, so that V8
 * takes none of them for the only one there will be.
 */
import type { Connection, Handler } from '../../connection/contract.js'

/** What a client sends in a rehearsal. */
export const SAMPLE = Buffer.from('rehearsal\n')

const echo = (connection: Connection, chunk: Buffer): unknown => connection.write(chunk)

class Talker {
  readonly loop = 'none'
  #heard = 0

  open(): void {
    this.#heard = 0
  }

  data(connection: Connection, chunk: Buffer): void {
    this.#heard += chunk.length
    void connection.write(chunk)
  }

  end(connection: Connection): void {
    connection.end()
  }

  close(): void {
    this.#heard = 0
  }
}

const callbacks: readonly Handler[] = [
  { loop: 'none', data: echo },
  new Talker(),
  {
    open: (connection) => void connection.bytesRead,
    data: (connection, chunk) => void connection.write(chunk),
    close: (connection) => void connection.bytesWritten,
  },
]

const functions: readonly Handler[] = [
  async (connection) => {
    for await (const chunk of connection) await connection.write(chunk)
  },
  async (connection) => {
    for (let chunk = await connection.read(); chunk !== undefined; chunk = await connection.read())
      await connection.write(chunk)
  },
  async (connection) => {
    let heard = 0
    for await (const chunk of connection) {
      heard += chunk.length
      connection.write(chunk)
    }
    if (heard < 0) connection.destroy()
  },
]

/** Of the style of `handler`. */
export const standInsFor = (handler: Handler): readonly Handler[] =>
  typeof handler === 'function' ? functions : callbacks
