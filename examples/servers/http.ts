/** An HTTP server of Node's over connections of Tined: in model `fork` each client has a process of its own. With key and cert: HTTPS. */
import { createServer } from 'node:http'
import { type Model, serve } from 'tined'

const [, , listen = '127.0.0.1:9193', model = 'fork', key, cert] = process.argv

let served = 0

// it never listens: it is given connections
const web = createServer((request, response) => {
  served++
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(`${request.method} ${request.url}: answer ${served} of process ${process.pid}\n`)
})

const server = await serve(
  { listen, model: model as Model, ...(key && cert ? { tls: { key, cert, alpn: ['http/1.1'] } } : {}) },
  { open: (connection) => void web.emit('connection', connection.stream()) },
)
console.log(`HTTP on ${server.addresses[0]}`)
