/** What is asked while a connection is made anew gets no answer: NATS leaves it to the program to ask again. */
import { connect } from '@nats-io/transport-node'

let connection
export async function open() {
  connection = await connect({ servers: process.env.CHECK_NATS, reconnectTimeWait: 50 })
  await connection.request('echo', 'open', { timeout: 10_000 })
}
export async function ask(id) {
  for (let left = 5; ; left--) {
    try {
      return (await connection.request('echo', id, { timeout: 1000 })).string()
    } catch (error) {
      if (left === 0) throw error
    }
  }
}
export const close = () => connection.drain()
