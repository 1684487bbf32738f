/** 프로세스 하나로 여러 클라이언트를: 블로킹 없이 읽을 수 있는 디스크립터를 select()가 알려 준다. */
import * as posix from 'tined/posix'

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

  posix.signal(posix.SIGPIPE, posix.SIG_IGN) // 그러지 않으면 연결을 끊은 클라이언트 하나가 서버 전체를 끝낸다
  const serv = posix.socket(posix.AF_INET, posix.SOCK_STREAM, 0)
  posix.setsockopt(serv, posix.SOL_SOCKET, posix.SO_REUSEADDR, 1)
  posix.bind(serv, { host: '127.0.0.1', port })
  posix.listen(serv, 5)
  console.log(`${posix.formatAddress(posix.getsockname(serv))}에서 기다립니다`)

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
        console.log(`연결: 디스크립터 ${clnt}`)
        continue
      }
      const len = unlessGone(() => posix.read(fd, buf))
      if (len) {
        unlessGone(() => posix.write(fd, buf, len))
        continue
      }
      posix.FD_CLR(fd, reads)
      posix.close(fd)
      console.log(`닫음: 디스크립터 ${fd}`)
    }
  }
})
