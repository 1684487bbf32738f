/** Starts the page. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { Access } from './access.js'
import { readFiles } from './files.js'
import type { Looks } from './looks.js'
import { pageServer } from './server.js'

export interface PageOptions {
  host: string
  /** 0 for a free one. */
  port: number
  /** Whether a free one will do where that is taken. */
  orFree: boolean
  token: string | undefined
  looks: Looks
  /** Where the files of the page are. */
  folder: string
}

/**
 * Fulfilled when it listens.
 *
 * @returns the server, and where a browser finds it
 * @throws {Error} EADDRINUSE, EADDRNOTAVAIL, …; files that are not there
 */
export async function servePage({
  host,
  port,
  token,
  looks,
  folder,
  orFree,
}: PageOptions): Promise<{ server: Server; url: string }> {
  const server = pageServer({
    listening: host,
    access: new Access(token),
    files: readFiles(folder),
    looks,
  })
  await listen(server, host, port).catch((error: NodeJS.ErrnoException) => {
    if (!orFree || error.code !== 'EADDRINUSE') throw error
    return listen(server, host, 0)
  })
  const address = server.address()
  const real = typeof address === 'object' && address !== null ? address.port : port
  return { server, url: `http://${isIPv6(host) ? `[${host}]` : host}:${real}/` }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host)
  await once(server, 'listening')
}
