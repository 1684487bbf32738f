/** A process for each client: the parent accepts, a forked child serves. */
import * as posix from 'tined/posix'

function readChildren(): void {
  try {
    for (let ended = posix.waitpid(-1, posix.WNOHANG); ended; ended = posix.waitpid(-1, posix.WNOHANG))
      console.log(`removed child ${ended.pid}`)
  } catch (error) {
    if ((error as posix.PosixError).code !== 'ECHILD') throw error // that there is no child left is no surprise
  }
}

/** The next client; undefined when SIGCHLD has interrupted the waiting. */
function accept(serv: number): number | undefined {
  try {
    return posix.accept(serv)
  } catch (error) {
    if ((error as posix.PosixError).code === 'EINTR') return undefined
    throw error
  }
}

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

  posix.sigaction(posix.SIGCHLD, { sa_handler: readChildren })
  const serv = posix.socket(posix.AF_INET, posix.SOCK_STREAM, 0)
  posix.setsockopt(serv, posix.SOL_SOCKET, posix.SO_REUSEADDR, 1)
  posix.bind(serv, { host: '127.0.0.1', port })
  posix.listen(serv, 5)
  console.log(`listening on ${posix.formatAddress(posix.getsockname(serv))}`)

  for (;;) {
    const clnt = accept(serv)
    if (clnt === undefined) continue
    console.log('new client')
    if (posix.fork() === 0) {
      posix.close(serv)
      for (;;) {
        const len = unlessGone(() => posix.read(clnt, buf))
        if (!len) break
        unlessGone(() => posix.write(clnt, buf, len))
      }
      posix.close(clnt)
      console.log('client gone')
      posix._exit(0)
    }
    posix.close(clnt)
  }
})
