/** A key-value store in memory: `set KEY VALUE`, `get KEY`, `delete KEY`, `count`. One Map, so one process: model `multiplex` or `single`. */
import { type Model, serve } from 'tined'

const [, , listen = '127.0.0.1:9192', model = 'multiplex'] = process.argv

const values = new Map<string, string>()

const commands: Record<string, (key: string, value: string) => string> = {
  set(key, value) {
    if (key === '') return 'error: set KEY VALUE'
    values.set(key, value)
    return 'ok'
  },
  get: (key) => values.get(key) ?? 'none',
  delete: (key) => (values.delete(key) ? 'ok' : 'none'),
  count: () => String(values.size),
}

function answer(line: string): string {
  const [, name = '', key = '', value = ''] = /^(\S*) ?(\S*) ?(.*)$/.exec(line) ?? []
  return commands[name]?.(key, value) ?? `error: no command ${JSON.stringify(name)}`
}

const server = await serve({ listen, model: model as Model, idleTimeoutMs: 60_000 }, async (connection) => {
  // waiting for each write lets a client that sends without reading wait, too
  for await (const line of connection.lines({ maxBytes: 4096 })) await connection.write(`${answer(line)}\n`)
})
console.log(`key-value store on ${server.addresses[0]}`)
