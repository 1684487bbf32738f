/** Runs a server from the command line until it ends, and says in one line what went wrong when it does not start. */

import type { Application } from '../server/application.js'
import { type Server, serveApplication } from '../server/serve.js'
import { EXIT } from '../supervisor/exit-status.js'
import { fail } from './fail.js'
import { tell } from './output.js'
import { type PageWish, startPage } from './server-page.js'
import type { Typed } from './typed-options.js'

/** The server listens for signals now, and bin/tined need not. */
function relieve(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    for (const listener of process.listeners(signal))
      if (listener.name === 'stopBeforeServing') process.off(signal, listener)
}

/** Serves until the server ends; `greet` is called once it is ready. @param readPage whether it is to have a page */
export async function runServer(
  readOptions: () => Typed,
  readPage: () => Promise<PageWish | undefined>,
  makeApplication: () => Application,
  greet: (server: Server) => string,
): Promise<void> {
  try {
    const { values, nameOf } = readOptions()
    const wish = await readPage()
    const starting = serveApplication(values, makeApplication(), nameOf)
    // not before: with the last listener Node would forget a signal that has come already
    relieve()
    const server = await starting
    tell(greet(server))
    const page = wish && startPage(wish, server.pid)
    const exit = await server.exited
    await page?.end()
    if (exit.code !== 0) tell(`tined: fatal: the supervisor ${exit.words}\n`)
    process.exitCode = exit.code === 0 ? EXIT.ok : EXIT.system
  } catch (error) {
    fail(error)
  }
}
