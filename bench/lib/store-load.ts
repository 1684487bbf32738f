import { connect, type Socket } from 'node:net'

export interface StoreLoad {
  /** Messages that came back a second. */
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** 99 bytes and a newline. */
const MESSAGE = Buffer.from(`${'m'.repeat(99)}\n`)

const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket)).on('error', reject)
  })

/** Each client sends a message, waits until it comes back, and sends the next one. */
function talk(socket: Socket, until: number, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0
    let missing = 0
    const send = (): void => {
      sentAt = performance.now()
      missing = MESSAGE.length
      socket.write(MESSAGE)
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    socket.on('data', (chunk) => {
      missing -= chunk.length
      if (missing > 0) return
      const now = performance.now()
      latencies.push(now - sentAt)
      if (now < until) send()
      else resolve()
    })
    send()
  })
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

/** Loads a store with so many clients at a time; the first half second is not counted. */
export async function loadStore(port: number, clients: number, seconds: number): Promise<StoreLoad> {
  const sockets = await Promise.all(Array.from({ length: clients }, () => opened(port)))
  try {
    const run = async (ms: number): Promise<StoreLoad> => {
      const latencies: number[] = []
      const began = performance.now()
      await Promise.all(sockets.map((socket) => talk(socket, began + ms, latencies)))
      const elapsed = (performance.now() - began) / 1000
      for (const socket of sockets) socket.removeAllListeners()
      latencies.sort((left, right) => left - right)
      return {
        perSecond: Math.round(latencies.length / elapsed),
        p50Ms: percentile(latencies, 0.5),
        p99Ms: percentile(latencies, 0.99),
      }
    }
    await run(500)
    return await run(seconds * 1000)
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}
