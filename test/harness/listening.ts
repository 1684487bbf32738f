/** A plain node:net server for clients under test. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import net from 'node:net'
import { formatAddress, type SocketAddress } from '../../src/libc/address.js'
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../src/libc/constants.js'
import { close } from '../../src/libc/fd.js'
import type { PosixError } from '../../src/libc/posix-error.js'
import { bind, connect, getsockname, listen, socket } from '../../src/libc/socket.js'

export interface Listening {
  /** `127.0.0.1:PORT`, `[::1]:PORT`, `unix:PATH` */
  address: string
  port: number
  /** Every connection that came, in order. */
  sockets: net.Socket[]
  close(): void
}

/** Listens and calls `serve` for each connection, whose two directions end separately. */
export async function listening(
  serve: (socket: net.Socket) => void,
  where: net.ListenOptions = { host: '127.0.0.1', port: 0 },
): Promise<Listening> {
  const sockets: net.Socket[] = []
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket.unref())
    socket.on('error', () => {})
    serve(socket)
  })
  // a test that fails leaves it behind
  server.listen(where).unref()
  await once(server, 'listening')
  const bound = server.address() as net.AddressInfo | string
  const port = typeof bound === 'string' ? 0 : bound.port
  const host = where.host === '::1' ? '[::1]' : where.host
  return {
    address: typeof bound === 'string' ? `unix:${bound}` : `${host}:${port}`,
    port,
    sockets,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** Whether this machine has `::1`. */
export const hasIPv6 = existsSync('/proc/net/if_inet6')

/** A listener that never accepts and whose queue is full: TCP clients hang there, unix ones are told EAGAIN. */
export function unanswering(address: SocketAddress): { address: string; fd: number; close(): void } {
  const fd = socket(address, SOCK_STREAM | SOCK_CLOEXEC)
  bind(fd, address)
  listen(fd, 0)
  const bound = getsockname(fd)
  // with a backlog of 0 the queue has room for one
  const queued = [0, 1].map(() => {
    const client = socket(address, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
    try {
      connect(client, bound)
    } catch (error) {
      if ((error as PosixError).code !== 'EAGAIN') throw error
    }
    return client
  })
  return {
    address: formatAddress(bound),
    fd,
    close() {
      for (const each of [fd, ...queued]) close(each)
    },
  }
}
