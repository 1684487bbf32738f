/** A client that sends a hundred lines at once, waits until all have come back, and holds them against what it sent. */
import { once } from 'node:events'
import net from 'node:net'
import type { Conversation } from '../chaos/lines.js'
import { lineOf } from './lines.js'

const AT_ONCE = 100

/** How a client of each framing sends a message. */
export const framings = {
  line: (message: Buffer) => [message, Buffer.from('\n')],
  length(message: Buffer) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(message.length)
    return [length, message]
  },
}

/** @param acknowledged told of lines that have come back */
export async function sendLines(
  port: number,
  conversation: Conversation,
  count: number,
  frame: (message: Buffer) => Buffer[],
  acknowledged: (lines: number) => void,
): Promise<void> {
  const socket = net.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const { name } = conversation
  let awaited = Buffer.alloc(0)
  let at = 0
  const sendMore = (): void => {
    const more = Math.min(AT_ONCE, count - conversation.sent)
    const messages = Array.from({ length: more }, (_, index) =>
      frame(Buffer.from(lineOf(name, conversation.sent + index), 'latin1')),
    )
    conversation.sent += more
    awaited = Buffer.concat(messages.flat())
    at = 0
    if (more === 0) socket.end()
    else socket.write(awaited)
  }
  socket.on('data', (chunk) => {
    if (!chunk.equals(awaited.subarray(at, at + chunk.length))) {
      socket.destroy(new Error(`${name}: something else came back after line ${conversation.echoed}: ${chunk}`))
      return
    }
    at += chunk.length
    if (at < awaited.length) return
    acknowledged(conversation.sent - conversation.echoed)
    conversation.echoed = conversation.sent
    sendMore()
  })
  sendMore()
  await once(socket, 'close')
  if (conversation.echoed < count) throw new Error(`${name}: ended by the server after ${conversation.echoed} lines`)
}
