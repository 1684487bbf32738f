/**
 * The main program of most fixtures: serves what it is given and answers commands on standard input.
 *
 * Options are `ServeOptions` as JSON in the first argument; the port goes to the file that TINED_PORT_FILE names.
 */
import { createInterface } from 'node:readline'
import { type Handler, type ServeOptions, type Server, serve } from 'tined'

export type Command = (server: Server) => unknown

const common: Record<string, Command> = {
  stats: (server) => server.stats(),
  stop: (server) => server.stop(),
  drain: (server) => server.drain(),
}

/** Fulfilled when the server has ended. Each answer is a line: the command, a blank, JSON. */
export async function serveFixture(handler: Handler, commands: Record<string, Command> = {}): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as ServeOptions
  const portFile = process.env['TINED_PORT_FILE']
  const server = await serve(
    { log: 'json', logLevel: 'debug', ...options, ...(portFile === undefined ? {} : { portFile }) },
    handler,
  )
  const known = { ...common, ...commands }
  // the port file is there before this line: whoever asks too early is answered later
  const lines = createInterface({ input: process.stdin })
  lines.on('line', async (command) => {
    try {
      console.log(command, JSON.stringify(await known[command]?.(server)))
    } catch (error) {
      console.log(command, JSON.stringify({ error: String(error) }))
    }
  })
  const exit = await server.exited
  console.log('exited', JSON.stringify(exit))
  lines.close()
  process.exitCode = exit.code
}
