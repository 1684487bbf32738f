/** Collects lines of many clients in one file, each with the time and the client before it. In every model. */
import { open } from 'node:fs/promises'
import { type Connection, LineTooLong, type Model, serve } from 'tined'

const [, , file = 'lines.log', listen = '127.0.0.1:9194', model = 'fork'] = process.argv

async function collect(connection: Connection): Promise<void> {
  // in model fork each process opens it for itself; one short write at its end is never mixed with another's
  const log = await open(file, 'a')
  let lines = 0
  try {
    for await (const line of connection.lines({ maxBytes: 2048, timeoutMs: 10_000 })) {
      await log.write(`${new Date().toISOString()} ${connection.peerName} ${line}\n`)
      lines++
    }
    connection.write(`${lines} lines\n`)
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error
    connection.write(`${lines} lines, then one that is too long\n`)
  } finally {
    await log.close()
  }
}

const server = await serve(
  {
    listen,
    model: model as Model,
    onConnectionEnd: ({ peer, how, ms }) => console.log(`${peer}: ${how} after ${ms} ms`),
  },
  collect,
)
console.log(`collecting on ${server.addresses[0]}`)
