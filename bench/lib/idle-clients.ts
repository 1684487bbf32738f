import { connect, type Socket } from 'node:net'

const message = Buffer.alloc(64, 'x')
const atOnce = 20
const timeoutMs = 30_000

// A connection that has echoed once has its process, and that process has run its code.
function echoOnce(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(message))
    let received = 0
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no echo within ${timeoutMs / 1000} s`)))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection')))
    socket.on('data', (chunk) => {
      received += chunk.length
      if (received < message.length) return
      socket.setTimeout(0)
      resolve(socket)
    })
  })
}

/** Opens so many connections, each echoed on once and then idle. Returns the function that closes them all. */
export async function openIdle(port: number, count: number): Promise<() => void> {
  const sockets: Socket[] = []
  const closeAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  try {
    while (sockets.length < count) {
      const batch = Math.min(atOnce, count - sockets.length)
      sockets.push(...(await Promise.all(Array.from({ length: batch }, () => echoOnce(port)))))
    }
    return closeAll
  } catch (error) {
    closeAll()
    throw error
  }
}
