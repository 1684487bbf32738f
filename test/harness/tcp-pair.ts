/** Two ends of a TCP connection in this process, neither of which blocks. */
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../src/libc/constants.js'
import { close } from '../../src/libc/fd.js'
import { accept4, bind, connect, getsockname, listen, socket } from '../../src/libc/socket.js'
import { until } from './until.js'

export async function tcpPair(): Promise<[ours: number, theirs: number]> {
  const anywhere = { family: 'IPv4', address: '127.0.0.1', port: 0 } as const
  const flags = SOCK_CLOEXEC | SOCK_NONBLOCK
  const listener = socket(anywhere, SOCK_STREAM | flags)
  bind(listener, anywhere)
  listen(listener, 1)
  const theirs = socket(anywhere, SOCK_STREAM | flags)
  connect(theirs, getsockname(listener))
  let ours: number | undefined
  await until('the connection is made', () => {
    ours = accept4(listener, flags)
    return ours !== undefined
  })
  close(listener)
  return [ours as number, theirs]
}
