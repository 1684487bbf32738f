/** The web server of the page: who may ask, and what. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Access } from './access.js'
import { EventStreams, MOST_STREAMS } from './event-streams.js'
import type { File } from './files.js'
import { HEADERS } from './headers.js'
import { isOwnHost } from './hosts.js'
import type { Looks } from './looks.js'
import { type Reply, refusal, send, textReply } from './reply.js'
import { routesOf } from './routes.js'

const MOST_CONNECTIONS = 128
/** A request is a line and some headers, and comes at once. */
const REQUEST_MS = 10_000
const HEADERS_MS = 5000

export interface PageSetup {
  /** The address given to --listen, without its port. */
  listening: string
  access: Access
  files: ReadonlyMap<string, File>
  looks: Looks
}

/** Undefined for who may go on. */
function turnedAway(
  { method, headers, socket, url = '' }: IncomingMessage,
  query: URLSearchParams,
  { listening, access }: PageSetup,
): Reply | undefined {
  if (!isOwnHost(headers.host, listening, socket.localAddress))
    return refusal(421, 'the Host header names another machine: use localhost, or the address in numbers')
  if (method !== 'GET' && method !== 'HEAD')
    return refusal(405, 'this page is only read: GET and HEAD', { Allow: 'GET, HEAD' })
  if (!url.startsWith('/')) return refusal(400, 'expected a path')
  const token = query.get('token')
  const cookie = token === null ? undefined : access.cookieFor(token)
  if (cookie !== undefined) return textReply(303, '', { Location: '/', 'Set-Cookie': cookie })
  if (access.isAllowed(headers)) return undefined
  return refusal(401, 'open /?token=…, or send Authorization: Bearer …', { 'WWW-Authenticate': 'Bearer' })
}

export function pageServer(setup: PageSetup): Server {
  const { looks, files } = setup
  const streams = new EventStreams(async () => looks.snapshot())
  const routes = routesOf(looks, files, setup.access.asksForToken)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', ...search] = (request.url ?? '').split('?')
    const query = new URLSearchParams(search.join('?'))
    const refused = turnedAway(request, query, setup)
    const isStream = path === '/api/events'
    if (refused !== undefined) send(response, refused)
    else if (isStream && streams.isFull) send(response, refusal(503, `${MOST_STREAMS} viewers are all it has room for`))
    else if (isStream) {
      response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream; charset=utf-8' })
      if (request.method === 'HEAD') response.end()
      else await streams.add(response)
    } else send(response, (await routes.get(path)?.(request, query)) ?? refusal(404, 'there is no such page'))
  }

  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS }, (request, response) => {
    handle(request, response).catch((error: Error) => {
      if (response.headersSent) response.destroy()
      else send(response, refusal(500, error.message))
    })
  })
  server.maxConnections = MOST_CONNECTIONS
  return server
}
