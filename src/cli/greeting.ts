/** What a server command says once it is ready: where it is, and what to try next. */
import type { Server } from '../server/serve.js'

/** The nc command that talks to an address. */
function nc(address: string): string {
  if (address.startsWith('unix:')) return `nc -q1 -U ${address.slice('unix:'.length)}`
  const match = /^\[?(.*?)\]?:(\d+)$/.exec(address)
  return `nc -q1 ${match?.[1]?.replace(/^0\.0\.0\.0$/, '127.0.0.1')} ${match?.[2]}`
}

const headline = (what: string, server: Server, model: string): string =>
  `tined ${what} (model ${model}) listens on ${server.addresses.join(', ')}; supervisor ${server.pid}\n`

const tryLine = (server: Server): string => `  try     printf 'hello\\n' | ${nc(server.addresses[0] ?? '')}\n`

const STOP = '  stop    Ctrl-C (at once), or kill -TERM (finishes what runs)\n'

export const greetEcho = (server: Server, model: string): string =>
  headline('echo', server, model) + tryLine(server) + STOP

/** @param sink as given to `--to` */
export const greetStore = (server: Server, model: string, sink: string): string => {
  const look = sink.startsWith('text:') ? `cat ${sink.slice('text:'.length)}` : `bin/tined messages ${sink}`
  return `${headline('store', server, model)}${tryLine(server)}  then    ${look}\n${STOP}`
}
