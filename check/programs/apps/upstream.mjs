/**
 * The other end: `upstream.mjs KIND FOLDER`, where KIND is http, https, ws or nats. Answers what it was asked, each after a time of its
 * own. What is posted to http is written to FOLDER/lines as far as it says something; its own port to FOLDER/upstream-port.
 */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'

const [, , kind, folder] = process.argv
const later = () => delay(Math.random() * 15)
const at = (file) => join(folder, file)

function ready(port) {
  writeFileSync(at('upstream-port.part'), `${port}\n`)
  renameSync(at('upstream-port.part'), at('upstream-port'))
}

async function answer(request, response) {
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  const body = Buffer.concat(pieces)
  const text = String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body)
  for (const said of new Set(text.match(/says [\w-]+\./g))) appendFileSync(at('lines'), `${said}\n`)
  await later()
  if (request.method === 'GET') response.end(request.url.slice(1))
  else response.setHeader('content-type', 'application/json').end('{}')
}

const kinds = {
  http: () => http.createServer(answer),
  https: () => https.createServer({ key: readFileSync(at('key.pem')), cert: readFileSync(at('cert.pem')) }, answer),
  async ws() {
    const { WebSocketServer } = await import('ws')
    const server = http.createServer()
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.on('message', async (data) => {
        await later()
        socket.send(String(data))
      })
    })
    return server
  },
}

if (kind === 'nats') {
  const { connect } = await import('@nats-io/transport-node')
  const connection = await connect({ servers: process.env.CHECK_NATS })
  connection.subscribe('echo', {
    async callback(_error, message) {
      await later()
      message.respond(message.data)
    },
  })
  await connection.flush()
  ready(0)
} else {
  const server = await kinds[kind]()
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1', () => ready(server.address().port))
}
