/** What is where: files, snapshots, metrics, health. */
import type { IncomingMessage } from 'node:http'
import { detailsOf } from './details.js'
import { type File, inLanguage, languageFor } from './files.js'
import { type Answer, health, readiness } from './health.js'
import { metricsOf } from './metrics.js'
import { jsonReply, type Reply, refusal, textReply } from './reply.js'
import type { Looks } from './watcher.js'

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

async function metrics(watcher: Looks, { headers }: IncomingMessage): Promise<Reply> {
  const wantsOpenMetrics = (headers.accept ?? '').includes('application/openmetrics-text')
  const { type, text } = await metricsOf(watcher.snapshot(), wantsOpenMetrics)
  return { status: 200, type, body: text }
}

/** By path. */
export function routesOf(watcher: Looks, files: ReadonlyMap<string, File>): ReadonlyMap<string, Route> {
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
    ['/api/process', (_request, query) => details(watcher, query.get('pid'))],
  ])
}
