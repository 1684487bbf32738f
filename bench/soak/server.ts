/**
 * The server of the soak: `server.js STYLE PORT-FILE`. A client sends one line, the name of a work and a seed, and gets
 * the result. A line on standard input asks for the counters.
 */
import { createInterface } from 'node:readline'
import type { Connection, ConnectionHandler, Handler } from 'tined'
import { serveApplication } from '../../src/server/serve.js'
import { asyncWorks } from './async-work.js'
import { works } from './work.js'

const parse = (line: string): [name: string, seed: number] => {
  const [name = '', seed] = line.trim().split(' ')
  return [name, Number(seed)]
}

const inCallbacks = (loop: 'none' | 'node'): ConnectionHandler => ({
  loop,
  data(connection, chunk) {
    const [name, seed] = parse(chunk.toString())
    connection.write(works[name]?.(seed) ?? 'no such work')
  },
})

async function inFunction(connection: Connection): Promise<void> {
  for await (const chunk of connection) {
    const [name, seed] = parse(chunk.toString())
    await connection.write((await asyncWorks[name]?.(seed)) ?? 'no such work')
  }
}

/** Its process never becomes a whole Node. */
async function withoutNode(connection: Connection): Promise<void> {
  for await (const chunk of connection) {
    const [name, seed] = parse(chunk.toString())
    await connection.write(works[name]?.(seed) ?? 'no such work')
  }
}

/** 100 MB of live objects in the supervisor, of all ages. */
const grown: unknown[] = []
function grow(): void {
  for (let round = 0; round < 700_000; round++) grown.push({ round, text: `object ${round}`, list: [round, { round }] })
}

const styles: Record<string, Handler> = {
  callbacks: inCallbacks('none'),
  'callbacks in Node’s loop': inCallbacks('node'),
  function: inFunction,
  'function that awaits its client alone': withoutNode,
  'callbacks, grown supervisor': inCallbacks('none'),
}

const [, , style = '', portFile = ''] = process.argv
const [, model = 'fork', sort = style] = /^(prefork)[^:]*: (.+)$/.exec(style) ?? []
const handler = styles[sort] as Handler
const once = style.includes('a process for each')
const server = await serveApplication(
  {
    listen: '127.0.0.1:0',
    model: model as 'fork',
    ...(once ? { maxRequests: 1 } : model === 'prefork' ? { maxRequests: 100 } : {}),
    portFile,
    log: 'json',
    logLevel: 'warn',
  },
  {
    handler,
    prepare() {
      if (style.includes('grown')) grow()
      return { services: [], closeInConnections: [] }
    },
  },
)
const commands = createInterface({ input: process.stdin })
commands.on('line', async () => console.log(JSON.stringify(await server.stats())))
process.exitCode = (await server.exited).code
commands.close()
