/** fork는 소켓이 아니라 디스크립터를 복사한다. 상대는 마지막 복사본이 닫혀야 끝을 본다. */
import * as posix from 'tined/posix'

function canRead(fd: number, seconds: number): boolean {
  const reads = posix.fd_set()
  posix.FD_SET(fd, reads)
  return posix.select(fd + 1, reads, null, null, { tv_sec: seconds, tv_usec: 0 }) > 0
}

posix.main(() => {
  const buf = Buffer.alloc(30)

  const [serv, clnt] = posix.socketpair(posix.AF_UNIX, posix.SOCK_STREAM, 0)
  if (posix.fork() === 0) {
    posix.close(clnt)
    posix.write(serv, 'bye')
    posix.close(serv)
    console.log('서버의 자식: bye를 보내고 소켓을 닫고 종료합니다')
    posix._exit(0)
  }
  posix.wait()
  const len = posix.read(clnt, buf)
  console.log(`클라이언트: ${buf.toString('utf8', 0, len)}`)
  console.log(`클라이언트: 2초 안에 파일의 끝? ${canRead(clnt, 2) ? '예' : '아니요, 부모에게 복사본이 있습니다'}`)
  posix.close(serv)
  console.log(`클라이언트: 그것까지 닫으면? ${canRead(clnt, 2) && posix.read(clnt, buf) === 0 ? '예' : '아니요'}`)
})
