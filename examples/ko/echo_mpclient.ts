/** 입력과 출력을 두 프로세스로: 자식은 입력한 것을 쓰고, 부모는 돌아오는 것을 읽는다. */
import * as posix from 'tined/posix'

const buf = Buffer.alloc(1024)

/** 서버가 사라진 것은 뜻밖의 일이 아니다. */
function unlessGone<Result>(call: () => Result): Result | undefined {
  try {
    return call()
  } catch (error) {
    if (!['EPIPE', 'ECONNRESET', 'ENOTCONN'].includes((error as posix.PosixError).code)) throw error
    return undefined
  }
}

function readRoutine(sock: number): void {
  for (;;) {
    const len = unlessGone(() => posix.read(sock, buf))
    if (!len) break
    process.stdout.write(`서버에서: ${buf.toString('utf8', 0, len)}`)
  }
}

function writeRoutine(sock: number): void {
  for (;;) {
    const len = posix.read(0, buf)
    if (!len || buf.toString('utf8', 0, 2) === 'q\n') break
    unlessGone(() => posix.write(sock, buf, len))
  }
  unlessGone(() => posix.shutdown(sock, posix.SHUT_WR))
}

posix.main(() => {
  const port = Number(process.argv[2] ?? 9190)

  const sock = posix.socket(posix.AF_INET, posix.SOCK_STREAM, 0)
  posix.connect(sock, { host: '127.0.0.1', port })

  if (posix.fork() === 0) {
    writeRoutine(sock)
    posix.close(sock)
    posix._exit(0)
  }
  readRoutine(sock)
  posix.close(sock)
  console.log('서버도 닫았습니다')
  posix.wait()
})
