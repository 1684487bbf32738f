/** What a server command says once it is ready: where it is, and what to try next. */
import { delimiter, dirname, relative, resolve } from 'node:path'
import type { Server } from '../server/serve.js'

/** How this command is called from where the user is: by its name, by npx, or by its path. */
export function calledAs(path: string, from: string, environment: NodeJS.ProcessEnv): string {
  const folder = dirname(path)
  if (environment['PATH']?.split(delimiter).some((entry) => entry !== '' && resolve(entry) === folder)) return 'tined'
  if (folder.endsWith('/node_modules/.bin')) return 'npx tined'
  const near = relative(from, path)
  if (near.startsWith('../')) return path
  // a name without a slash is looked for in PATH
  return near.includes('/') ? near : `./${near}`
}

const command = (): string => calledAs(process.argv[1] ?? 'tined', process.cwd(), process.env)

/** Where a client on this machine reaches it. */
const reachable = (address: string): string =>
  address.replace(/^0\.0\.0\.0:/, '127.0.0.1:').replace(/^\[::\]:/, '[::1]:')

/** As a shell takes it for one word and for nothing else. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

const headline = (what: string, server: Server, model: string): string =>
  `tined ${what} (model ${model}) listens on ${server.addresses.join(', ')}; supervisor ${server.pid}\n`

const tryLine = (server: Server): string =>
  `  try     printf 'hello\\n' | ${command()} connect ${word(reachable(server.addresses[0] ?? ''))}\n`

const STOP = '  stop    Ctrl-C (at once), or kill -TERM (finishes what runs)\n'

export const greetEcho = (server: Server, model: string): string =>
  headline('echo', server, model) + tryLine(server) + STOP

/** @param sink as given to `--to` */
export const greetStore = (server: Server, model: string, sink: string): string => {
  const look = sink.startsWith('text:')
    ? `cat ${word(sink.slice('text:'.length))}`
    : `${command()} messages ${word(sink)}`
  // a stream is looked at with a client of its own
  const then = /^(?:nats|tls):/.test(sink) ? '' : `  then    ${look}\n`
  return `${headline('store', server, model)}${tryLine(server)}${then}${STOP}`
}
