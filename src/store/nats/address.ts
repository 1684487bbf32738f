/** `nats://HOST:PORT,HOST:PORT/STREAM?subject=…`, or `tls://…`: which stream of which cluster. */
import { resolve } from 'node:path'
import { type Login, loginOf, withoutLogin } from './login.js'

/** Paths are whole, from `/`. */
export interface StreamAddress {
  /** `host:port` each; any of them will do. */
  readonly servers: readonly string[]
  /** How a connection is encrypted; undefined for what the server asks for. */
  readonly tls: StreamTls | undefined
  readonly login: Login | undefined
  /** The same, in a file. */
  readonly loginFile: string | undefined
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

/** Files in PEM. */
export interface StreamTls {
  /** Who vouches for the servers; undefined for those whom Node trusts. */
  readonly ca: string | undefined
  /** Of a client that is asked for one. */
  readonly cert: string | undefined
  readonly key: string | undefined
}

/** Schemes of `--to`, and how each is written. */
export const STREAM_FORMS = { nats: 'nats://HOST:PORT/STREAM', tls: 'tls://HOST:PORT/STREAM' } as const

const PORT = 4222
/** Those that JetStream can have. */
const REPLICAS = ['1', '3', '5']
const PARAMETERS = ['credentials', 'id', 'login', 'replicas', 'subject']
const TLS_PARAMETERS = ['ca', 'cert', 'key']
/** `host`, `host:port`, `[::1]:port` */
const SERVER = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i
const NAME = /^[\w-]+$/
/** Without wildcards. */
const SUBJECT = /^[^\s.*>]+(?:\.[^\s.*>]+)*$/

/** What is no parameter of ours may be somebody's password. */
const withoutUnknown = (address: string): string =>
  address.replace(/([?&]([^=&]*)=)[^&]*/g, (whole, before: string, parameter: string) =>
    PARAMETERS.includes(parameter) || TLS_PARAMETERS.includes(parameter) ? whole : `${before}…`,
  )

type Expected = (what: string) => TypeError

/**
 * Reads what stands behind `nats:` or `tls:`.
 *
 * @throws {TypeError} no server, no stream, a parameter that there is not, or two that say who one is; without the login
 */
export function parseStream(name: string, scheme: keyof typeof STREAM_FORMS, place: string): StreamAddress {
  const shown = JSON.stringify(withoutUnknown(withoutLogin(`${scheme}:${place}`)))
  const expected: Expected = (what) => new TypeError(`${name}: expected ${what}, got ${shown}`)
  const parts = /^\/\/(?:([^@/]*)@)?([^@/?]+)\/([^?]*)(?:\?(.*))?$/s.exec(place)
  if (parts === null) throw expected(STREAM_FORMS[scheme])
  const [, login = '', hosts = '', stream = '', query = ''] = parts
  const servers = hosts.split(',')
  if (!servers.every((server) => SERVER.test(server))) throw expected('servers like 10.0.0.1:4222,10.0.0.2:4222')
  if (!NAME.test(stream)) throw expected('the name of a stream: letters, digits, - and _')
  const parameters = new URLSearchParams(query)
  const known = scheme === 'tls' ? [...TLS_PARAMETERS, ...PARAMETERS] : PARAMETERS
  for (const parameter of parameters.keys()) {
    if (known.includes(parameter)) continue
    if (TLS_PARAMETERS.includes(parameter)) throw expected(`${STREAM_FORMS.tls} with ${parameter}=…`)
    throw expected(`?${known.join('=…, ?')}=…`)
  }
  const subject = parameters.get('subject') ?? stream
  if (!SUBJECT.test(subject)) throw expected('a subject without wildcards')
  const replicas = parameters.get('replicas') ?? '1'
  if (!REPLICAS.includes(replicas)) throw expected('replicas=1, 3 or 5')
  const id = parameters.get('id') ?? 'record'
  if (id !== 'record' && id !== 'word') throw expected('id=record or id=word')
  const file = (parameter: string): string | undefined => fileOf(parameters, parameter, expected)
  const who = { login: writtenLogin(login, expected), loginFile: file('login'), credentials: file('credentials') }
  if (Object.values(who).filter((way) => way !== undefined).length > 1)
    throw expected('one of USER:PASSWORD@, login=FILE and credentials=FILE')
  const tls = { ca: file('ca'), cert: file('cert'), key: file('key') }
  if ((tls.cert === undefined) !== (tls.key === undefined)) throw expected('cert=FILE together with key=FILE')
  return {
    servers: servers.map((server) => (/:\d+$/.test(server) ? server : `${server}:${PORT}`)),
    tls: scheme === 'tls' ? tls : undefined,
    ...who,
    stream,
    subject,
    id,
    replicas: Number(replicas),
  }
}

function fileOf(parameters: URLSearchParams, parameter: string, expected: Expected): string | undefined {
  const path = parameters.get(parameter)
  if (path === '') throw expected(`${parameter}=FILE`)
  return path === null ? undefined : resolve(path)
}

function writtenLogin(text: string, expected: Expected): Login | undefined {
  if (text === '') return undefined
  try {
    const login = loginOf(text)
    if ('token' in login) return { token: decodeURIComponent(login.token) }
    return { user: decodeURIComponent(login.user), password: decodeURIComponent(login.password) }
  } catch {
    throw expected('USER:PASSWORD@ or TOKEN@, with %40 for an @')
  }
}
