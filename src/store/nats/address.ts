/** `nats://HOST:PORT,HOST:PORT/STREAM?subject=…`: which stream of which cluster. */

export interface StreamAddress {
  /** `host:port` each; any of them will do. */
  readonly servers: readonly string[]
  readonly user: string | undefined
  readonly password: string | undefined
  /** A token in the place of user and password. */
  readonly token: string | undefined
  /** A file of credentials, as `nsc` makes them. */
  readonly credentials: string | undefined
  readonly stream: string
  /** What is published to; a stream that is made takes this one. */
  readonly subject: string
  /** By what the stream knows a message that it has: the record of it, or the first word of the line, which its client must have chosen well. */
  readonly id: 'record' | 'word'
  /** Of a stream that is made: servers that keep it. */
  readonly replicas: number
}

export const NATS_FORM = 'nats://HOST:PORT/STREAM'

const PORT = 4222
/** Those that JetStream can have. */
const REPLICAS = ['1', '3', '5']
const PARAMETERS = ['credentials', 'id', 'replicas', 'subject']
/** `host`, `host:port`, `[::1]:port` */
const SERVER = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i
const NAME = /^[\w-]+$/
/** Without wildcards. */
const SUBJECT = /^[^\s.*>]+(?:\.[^\s.*>]+)*$/

/**
 * Reads what stands behind `nats:`.
 *
 * @throws {TypeError} no server, no stream, or a parameter that there is not
 */
export function parseStream(name: string, place: string): StreamAddress {
  const shown = JSON.stringify(`nats:${place.replace(/\/\/[^/@]*@/, '//…@')}`)
  const expected = (what: string): TypeError => new TypeError(`${name}: expected ${what}, got ${shown}`)
  const parts = /^\/\/(?:([^@/]*)@)?([^@/?]+)\/([^?]*)(?:\?(.*))?$/s.exec(place)
  if (parts === null) throw expected(NATS_FORM)
  const [, login = '', hosts = '', stream = '', query = ''] = parts
  const servers = hosts.split(',')
  if (!servers.every((server) => SERVER.test(server))) throw expected('servers like 10.0.0.1:4222,10.0.0.2:4222')
  if (!NAME.test(stream)) throw expected('the name of a stream: letters, digits, - and _')
  const parameters = new URLSearchParams(query)
  for (const parameter of parameters.keys())
    if (!PARAMETERS.includes(parameter)) throw expected(`?${PARAMETERS.join('=…, ?')}=…`)
  const subject = parameters.get('subject') ?? stream
  if (!SUBJECT.test(subject)) throw expected('a subject without wildcards')
  const replicas = parameters.get('replicas') ?? '1'
  if (!REPLICAS.includes(replicas)) throw expected('replicas=1, 3 or 5')
  const id = parameters.get('id') ?? 'record'
  if (id !== 'record' && id !== 'word') throw expected('id=record or id=word')
  const [first, password] = loginOf(login, expected)
  return {
    servers: servers.map((server) => (/:\d+$/.test(server) ? server : `${server}:${PORT}`)),
    user: password === undefined ? undefined : first,
    password,
    token: password === undefined ? first : undefined,
    credentials: parameters.get('credentials') ?? undefined,
    stream,
    subject,
    id,
    replicas: Number(replicas),
  }
}

function loginOf(login: string, expected: (what: string) => TypeError): (string | undefined)[] {
  if (login === '') return []
  try {
    const [first = '', ...rest] = login.split(':')
    return [decodeURIComponent(first), rest.length === 0 ? undefined : decodeURIComponent(rest.join(':'))]
  } catch {
    throw expected('USER:PASSWORD@ or TOKEN@, with %40 for an @')
  }
}
