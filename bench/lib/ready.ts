import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'

/** Finds a port that nothing listens on. Another process may take it before the server does; the start then fails, visibly. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
}

/** Connects once and hangs up: resolves with the port when someone answered. */
export function answers(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')))
    socket.on('connect', () => socket.end().resume())
    socket.on('error', () => resolve(undefined))
    // Not before the server closed too: the process of this connection must not be counted with those measured.
    socket.on('close', (failed) => resolve(failed ? undefined : port))
  })
}

/** Reads the port once its line is complete. */
export function portIn(file: string): number | undefined {
  try {
    const text = readFileSync(file, 'utf8')
    return text.endsWith('\n') ? Number(text) : undefined
  } catch {
    return undefined
  }
}
