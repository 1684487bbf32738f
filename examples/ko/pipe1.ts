/** 파이프는 한 프로세스에서 다른 프로세스로 바이트를 나른다. fork는 그 디스크립터 둘을 복사한다. */
import * as posix from 'tined/posix'

posix.main(() => {
  const buf = Buffer.alloc(30)

  const fds = posix.pipe()
  if (posix.fork() === 0) {
    posix.write(fds[1], '너는 누구니?')
    posix._exit(0)
  }
  const len = posix.read(fds[0], buf)
  console.log(`부모: ${buf.toString('utf8', 0, len)}`)
  posix.wait()
})
