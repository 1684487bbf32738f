/** The echo server that stores: every child sends what it read through one pipe to a process that writes the file. */
import * as posix from 'tined/posix'

function readChildren(): void {
  try {
    for (let ended = posix.waitpid(-1, posix.WNOHANG); ended; ended = posix.waitpid(-1, posix.WNOHANG))
      console.log(`removed child ${ended.pid}`)
  } catch (error) {
    if ((error as posix.PosixError).code !== 'ECHILD') throw error // that there is no child left is no surprise
  }
}

/** That nobody is at the other end is no surprise: a client has broken off, or all messages are stored. */
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
  const path = process.argv[3] ?? 'echomsg.txt'
  const messages = Number(process.argv[4] ?? 10)
  const buf = Buffer.alloc(1024)

  posix.sigaction(posix.SIGCHLD, { sa_handler: readChildren, sa_flags: posix.SA_RESTART })
  const serv = posix.socket(posix.AF_INET, posix.SOCK_STREAM, 0)
  posix.setsockopt(serv, posix.SOL_SOCKET, posix.SO_REUSEADDR, 1)
  posix.bind(serv, { host: '127.0.0.1', port })
  posix.listen(serv, 5)

  const fds = posix.pipe()
  if (posix.fork() === 0) {
    posix.close(serv)
    posix.close(fds[1])
    const file = posix.open(path, posix.O_WRONLY | posix.O_CREAT | posix.O_TRUNC, 0o644)
    for (let message = 0; message < messages; message++) {
      const len = posix.read(fds[0], buf)
      if (!len) break
      posix.write(file, buf, len)
    }
    posix.close(file)
    console.log(`stored ${messages} messages`)
    posix._exit(0)
  }
  posix.close(fds[0])
  posix.signal(posix.SIGPIPE, posix.SIG_IGN) // to write where nobody reads fails with EPIPE, and ends no process
  console.log(`listening on ${posix.formatAddress(posix.getsockname(serv))}`)

  for (;;) {
    const clnt = posix.accept(serv)
    console.log('new client')
    if (posix.fork() === 0) {
      posix.close(serv)
      for (;;) {
        const len = unlessGone(() => posix.read(clnt, buf))
        if (!len) break
        unlessGone(() => posix.write(clnt, buf, len))
        unlessGone(() => posix.write(fds[1], buf, len))
      }
      posix.close(clnt)
      console.log('client gone')
      posix._exit(0)
    }
    posix.close(clnt)
  }
})
