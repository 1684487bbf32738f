/** What is where: files, snapshots, metrics, health. */
import type { IncomingMessage } from 'node:http'
import { detailsOf } from './details.js'
import { type File, inLanguage, languageFor } from './files.js'
import { type Answer, health, readiness } from './health.js'
import { lastMessages } from './last-messages.js'
import { metricsOf } from './metrics.js'
import { jsonReply, type Reply, refusal, textReply } from './reply.js'
import type { Looks } from './watcher.js'
import { userBehind } from './who-asks.js'

export type Route = (request: IncomingMessage, query: URLSearchParams) => Reply | Promise<Reply>

const said = ({ status, text }: Answer): Reply => textReply(status, text)

function details(watcher: Looks, text: string | null): Reply {
  if (!/^[1-9]\d{0,9}$/.test(text ?? '')) return refusal(400, 'pid: expected the number of a process')
  const pid = Number(text)
  watcher.snapshot()
  const view = watcher.viewWith(pid)
  const found = view && detailsOf(view, pid)
  return found === undefined ? refusal(404, `no server here has a living process ${pid}`) : jsonReply(found)
}

/**
 * Every user of the machine may look at a page without a token, but what clients have sent is for those who may read the file.
 *
 * @param isTrusted whoever asks has a token
 */
function messages(watcher: Looks, { socket }: IncomingMessage, text: string | null, isTrusted: boolean): Reply {
  watcher.snapshot()
  const view = /^[1-9]\d{0,9}$/.test(text ?? '') ? watcher.viewWith(Number(text)) : undefined
  const found = view && lastMessages(view)
  if (found === undefined) return refusal(404, 'no store here that may be read')
  const user = isTrusted || found.isEverybodys ? undefined : userBehind(socket)
  if (isTrusted || found.isEverybodys || user === 0 || user === found.owner)
    return jsonReply({ messages: found.messages })
  return refusal(403, 'the file of the store is another user’s')
}

async function metrics(watcher: Looks, { headers }: IncomingMessage): Promise<Reply> {
  const wantsOpenMetrics = (headers.accept ?? '').includes('application/openmetrics-text')
  const { type, text } = await metricsOf(watcher.snapshot(), wantsOpenMetrics)
  return { status: 200, type, body: text }
}

/** By path. @param isTrusted whether only those come here who have a token */
export function routesOf(
  watcher: Looks,
  files: ReadonlyMap<string, File>,
  isTrusted: boolean,
): ReadonlyMap<string, Route> {
  const pages = [...files].map(([path, { type, bytes }]): [string, Route] => [
    path,
    () => ({ status: 200, type, body: bytes }),
  ])
  const start: Route = ({ headers }) => {
    const { type, bytes } = inLanguage(files.get('/') as File, languageFor(headers['accept-language']))
    return { status: 200, type, body: bytes, headers: { Vary: 'Accept-Language' } }
  }
  return new Map<string, Route>([
    ...pages,
    ['/', start],
    ['/health', () => said(health())],
    ['/ready', () => said(readiness(watcher.snapshot()))],
    ['/metrics', (request) => metrics(watcher, request)],
    ['/api/snapshot', () => jsonReply(watcher.snapshot())],
    ['/api/messages', (request, query) => messages(watcher, request, query.get('pid'), isTrusted)],
    ['/api/process', (_request, query) => details(watcher, query.get('pid'))],
  ])
}
