/** One process, many clients: select() says which descriptors can be read without blocking. */
import * as posix from 'tined/posix'

/** That a client has broken off is no surprise. */
function unlessGone<Result>(call: () => Result): Result | undefined {
  try {
    return call()
  } catch (error) {
    if (!['EPIPE', 'ECONNRESET'].includes((error as posix.PosixError).code)) throw error
    return undefined
  }
}

posix.main(() => {
  const port = Number(process.argv[2] ?? 9190)
  const buf = Buffer.alloc(1024)

  posix.signal(posix.SIGPIPE, posix.SIG_IGN) // else a client that breaks off ends the server for all
  const serv = posix.socket(posix.AF_INET, posix.SOCK_STREAM, 0)
  posix.setsockopt(serv, posix.SOL_SOCKET, posix.SO_REUSEADDR, 1)
  posix.bind(serv, { host: '127.0.0.1', port })
  posix.listen(serv, 5)
  console.log(`listening on ${posix.formatAddress(posix.getsockname(serv))}`)

  const reads = posix.fd_set()
  posix.FD_SET(serv, reads)
  let max: number = serv
  for (;;) {
    const ready = posix.fd_set(reads)
    posix.select(max + 1, ready, null, null, null)
    for (let fd = 0; fd <= max; fd++) {
      if (!posix.FD_ISSET(fd, ready)) continue
      if (fd === serv) {
        const clnt = posix.accept(serv)
        if (clnt === undefined) continue
        posix.FD_SET(clnt, reads)
        max = Math.max(clnt, max)
        console.log(`connected: descriptor ${clnt}`)
        continue
      }
      const len = unlessGone(() => posix.read(fd, buf))
      if (len) {
        unlessGone(() => posix.write(fd, buf, len))
        continue
      }
      posix.FD_CLR(fd, reads)
      posix.close(fd)
      console.log(`closed: descriptor ${fd}`)
    }
  }
})
