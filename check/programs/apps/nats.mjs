import { connect } from '@nats-io/transport-node'

let connection
export async function open() {
  connection = await connect({ servers: process.env.CHECK_NATS })
  await connection.request('echo', 'open', { timeout: 10_000 })
}
export const ask = async (id) => (await connection.request('echo', id, { timeout: 10_000 })).string()
export const close = () => connection.drain()
