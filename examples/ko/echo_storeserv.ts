/** 저장하는 에코 서버: 자식들은 읽은 것을 파이프 하나로 보내고, 한 프로세스가 파일에 쓴다. */
import * as posix from 'tined/posix'

function readChildren(): void {
  try {
    for (let ended = posix.waitpid(-1, posix.WNOHANG); ended; ended = posix.waitpid(-1, posix.WNOHANG))
      console.log(`자식 ${ended.pid} 제거`)
  } catch (error) {
    if ((error as posix.PosixError).code !== 'ECHILD') throw error // 남은 자식이 없는 것은 뜻밖의 일이 아니다
  }
}

/** 상대편에 아무도 없는 것은 뜻밖의 일이 아니다: 클라이언트가 연결을 끊었거나, 메시지를 모두 저장했다. */
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
    console.log(`메시지 ${messages}개를 저장했습니다`)
    posix._exit(0)
  }
  posix.close(fds[0])
  posix.signal(posix.SIGPIPE, posix.SIG_IGN) // 읽는 쪽이 없으면 쓰기는 EPIPE로 실패하고, 프로세스는 종료되지 않는다
  console.log(`${posix.formatAddress(posix.getsockname(serv))}에서 기다립니다`)

  for (;;) {
    const clnt = posix.accept(serv)
    console.log('새 클라이언트')
    if (posix.fork() === 0) {
      posix.close(serv)
      for (;;) {
        const len = unlessGone(() => posix.read(clnt, buf))
        if (!len) break
        unlessGone(() => posix.write(clnt, buf, len))
        unlessGone(() => posix.write(fds[1], buf, len))
      }
      posix.close(clnt)
      console.log('클라이언트 종료')
      posix._exit(0)
    }
    posix.close(clnt)
  }
})
