// What users write: arguments are the port file, the handler's name, and options of `serve`. The memory of a `heavy` program is in
// bench/servers/heavy.ts.
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Handler, serve } from 'tined'

const [, , portFile = 'echo.port', name = 'async', options = '{}'] = process.argv
const someFile = fileURLToPath(new URL('../../../package.json', import.meta.url))

const callbacks: Handler = { loop: 'none', data: (connection, chunk) => connection.write(chunk) }
const echo: Handler = async (connection) => {
  for await (const chunk of connection) await connection.write(chunk)
}

const handlers: Record<string, Handler> = {
  callbacks,
  async: echo,
  'heavy callbacks': callbacks,
  'heavy async': echo,
  'timer and file': async (connection) => {
    for await (const chunk of connection) {
      await delay(1)
      await readFile(someFile)
      await connection.write(chunk)
    }
  },
}
const handler = handlers[name]
if (handler === undefined) throw new RangeError(`handler: expected ${Object.keys(handlers).join(' or ')}, got ${name}`)

const { table } = name.startsWith('heavy') ? await import('./heavy.js') : { table: [] }

await serve({ listen: '127.0.0.1:0', model: 'fork', ...JSON.parse(options), portFile }, handler)
// as programs do that have use for what they hold
process.on('exit', () => table.length)
