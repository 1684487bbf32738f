/** Gives a receipt for each line: its number in the store, once it is on disk. In every model. */
import { type Connection, type Model, serve } from 'tined'
import { openStore, PosixError } from 'tined/store'

const [, , to = 'orders.ndjson', listen = '127.0.0.1:9195', model = 'fork'] = process.argv

// before serve(): its writer is a process of the server
const orders = openStore({ to })

async function receipts(connection: Connection): Promise<void> {
  for await (const line of connection.lines({ maxBytes: 4096, timeoutMs: 10_000 }))
    try {
      const { sequence, at } = await orders.append(line)
      await connection.write(`${sequence} since ${at?.toISOString()}\n`)
    } catch (error) {
      if (!(error instanceof PosixError)) throw error
      await connection.write(`not stored: ${error.code}\n`)
    }
}

const server = await serve({ listen, model: model as Model }, receipts)
console.log(`giving receipts on ${server.addresses[0]}`)
