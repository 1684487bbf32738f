/** What is where: files, snapshots, metrics, health. */
import type { IncomingMessage } from 'node:http'
import { type File, inLanguage, languageFor } from './files.js'
import { type Answer, health, readiness } from './health.js'
import type { Looks } from './looks.js'
import { metricsOf } from './metrics.js'
import { jsonReply, type Reply, refusal, textReply } from './reply.js'
import { userBehind } from './who-asks.js'

export type Route = (request: IncomingMessage, query: URLSearchParams) => Reply | Promise<Reply>

const said = ({ status, text }: Answer): Reply => textReply(status, text)

const pidIn = (text: string | null): number | undefined =>
  /^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : undefined

async function details(looks: Looks, text: string | null): Promise<Reply> {
  const pid = pidIn(text)
  if (pid === undefined) return refusal(400, 'pid: expected the number of a process')
  const found = await looks.details(pid)
  return found === undefined ? refusal(404, `no server here has a living process ${pid}`) : jsonReply(found)
}

/**
 * Every user of the machine may look at a page without a token, but what clients have sent is for those who may read the file.
 *
 * @param isTrusted whoever asks has a token
 */
async function messages(
  looks: Looks,
  { socket }: IncomingMessage,
  text: string | null,
  isTrusted: boolean,
): Promise<Reply> {
  const found = await looks.messages(pidIn(text) ?? 0)
  if (found === undefined) return refusal(404, 'no store here that may be read')
  const user = isTrusted || found.isEverybodys ? undefined : userBehind(socket)
  if (isTrusted || found.isEverybodys || user === 0 || user === found.owner)
    return jsonReply({ messages: found.messages })
  return refusal(403, 'the file of the store is another user’s')
}

async function metrics(looks: Looks, { headers }: IncomingMessage): Promise<Reply> {
  const wantsOpenMetrics = (headers.accept ?? '').includes('application/openmetrics-text')
  const { type, text } = await metricsOf(await looks.snapshot(), wantsOpenMetrics)
  return { status: 200, type, body: text }
}

/** By path. @param isTrusted whether only those come here who have a token */
export function routesOf(
  looks: Looks,
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
    ['/ready', async () => said(readiness(await looks.snapshot()))],
    ['/metrics', (request) => metrics(looks, request)],
    ['/api/snapshot', async () => jsonReply(await looks.snapshot())],
    ['/api/messages', (request, query) => messages(looks, request, query.get('pid'), isTrusted)],
    ['/api/process', (_request, query) => details(looks, query.get('pid'))],
  ])
}
