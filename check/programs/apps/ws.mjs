/** A WebSocket that is connected anew when it is found closed. */
import { once } from 'node:events'
import WebSocket from 'ws'

let socket
let connecting
async function connect() {
  socket = new WebSocket(process.env.CHECK_UPSTREAM)
  await once(socket, 'open')
}
async function connected() {
  if (socket === undefined || socket.readyState > WebSocket.OPEN) connecting = connect()
  await connecting
  return socket
}
export const open = () => connected()
/** Asks with a number of its own, as one socket serves all connections of a worker. */
let asked = 0
export async function ask(id) {
  const ours = await connected()
  const number = ++asked
  return new Promise((resolve, reject) => {
    const take = (data) => {
      const [of, text] = JSON.parse(data)
      if (of !== number) return
      ours.off('message', take).off('error', reject)
      resolve(text)
    }
    ours.setMaxListeners(0).on('message', take).once('error', reject)
    ours.send(JSON.stringify([number, id]))
  })
}
export const close = () => socket.close()
