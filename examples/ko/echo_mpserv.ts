/** 클라이언트마다 프로세스 하나: 부모는 수락하고, fork한 자식이 서비스한다. */
import * as posix from 'tined/posix'

function readChildren(): void {
  try {
    for (let ended = posix.waitpid(-1, posix.WNOHANG); ended; ended = posix.waitpid(-1, posix.WNOHANG))
      console.log(`자식 ${ended.pid} 제거`)
  } catch (error) {
    if ((error as posix.PosixError).code !== 'ECHILD') throw error // 남은 자식이 없는 것은 뜻밖의 일이 아니다
  }
}

/** 다음 클라이언트. SIGCHLD 때문에 기다림이 중단되면 undefined. */
function accept(serv: number): number | undefined {
  try {
    return posix.accept(serv)
  } catch (error) {
    if ((error as posix.PosixError).code === 'EINTR') return undefined
    throw error
  }
}

/** 클라이언트가 연결을 끊은 것은 뜻밖의 일이 아니다. */
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
  console.log(`${posix.formatAddress(posix.getsockname(serv))}에서 기다립니다`)

  for (;;) {
    const clnt = accept(serv)
    if (clnt === undefined) continue
    console.log('새 클라이언트')
    if (posix.fork() === 0) {
      posix.close(serv)
      for (;;) {
        const len = unlessGone(() => posix.read(clnt, buf))
        if (!len) break
        unlessGone(() => posix.write(clnt, buf, len))
      }
      posix.close(clnt)
      console.log('클라이언트 종료')
      posix._exit(0)
    }
    posix.close(clnt)
  }
})
