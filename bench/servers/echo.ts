// The rows of the echo bench that are no command: arguments are the port file, the style of the handler, and the poller.
import { type Handler, serve } from 'tined'
import type { PollerName } from '../../src/reactor/poller.js'

const [, , portFile = 'echo.port', style = 'async', poller = 'epoll'] = process.argv

const handlers: Record<string, Handler> = {
  callbacks: { loop: 'none', data: (connection, chunk) => connection.write(chunk) },
  'callbacks in Node’s loop': { data: (connection, chunk) => connection.write(chunk) },
  async: async (connection) => {
    for await (const chunk of connection) await connection.write(chunk)
  },
}

await serve(
  { port: 0, model: 'multiplex', poller: poller as PollerName, maxConnections: 20_000, portFile, logLevel: 'warn' },
  handlers[style] as Handler,
)
