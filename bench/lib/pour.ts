/** For what acknowledges nothing: clients that send without waiting, and how fast what is kept grows. */
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const AT_ONCE_BYTES = 64 * 1024
/** Of the time that is measured, before it. */
const WARM_UP = 0.25

function pour(socket: Socket, bytes: Buffer): void {
  const more = (): void => {
    while (socket.write(bytes));
  }
  socket.on('drain', more)
  more()
}

/**
 * Messages a second that come into a file, each with a newline, while so many clients send as fast as they are read from.
 *
 * @param message with its newline
 */
export async function pourInto(
  file: string,
  message: string,
  port: number,
  clients: number,
  seconds: number,
): Promise<number> {
  const bytes = Buffer.from(message.repeat(Math.ceil(AT_ONCE_BYTES / message.length)))
  const sockets = Array.from({ length: clients }, () => connect(port, '127.0.0.1'))
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    for (const socket of sockets)
      pour(
        socket.on('error', () => {}),
        bytes,
      )
    await sleep(1000 * seconds * WARM_UP)
    const [sizeBefore, beforeMs] = [statSync(file).size, performance.now()]
    await sleep(1000 * seconds)
    const [grown, tookMs] = [statSync(file).size - sizeBefore, performance.now() - beforeMs]
    return Math.round(grown / message.length / (tookMs / 1000))
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}
