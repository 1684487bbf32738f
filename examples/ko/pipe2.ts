/** 파이프 하나로 양방향 통신: 모두가 알맞은 때에 읽는 동안에만 동작한다. */
import * as posix from 'tined/posix'

posix.main(() => {
  const buf = Buffer.alloc(30)

  const fds = posix.pipe()
  if (posix.fork() === 0) {
    posix.write(fds[1], '너는 누구니?')
    posix.sleep(2) // 이것이 없으면 자식이 자기 질문을 읽는다
    const len = posix.read(fds[0], buf)
    console.log(`자식: ${buf.toString('utf8', 0, len)}`)
    posix._exit(0)
  }
  const len = posix.read(fds[0], buf)
  console.log(`부모: ${buf.toString('utf8', 0, len)}`)
  posix.write(fds[1], '네 부모야.')
  posix.wait()
})
