/** WNOHANG을 준 waitpid()는 묻고 곧바로 돌아온다. 그동안 부모는 다른 일을 할 수 있다. */
import * as posix from 'tined/posix'

posix.main(() => {
  if (posix.fork() === 0) {
    posix.sleep(3)
    posix._exit(24)
  }
  let ended = posix.waitpid(-1, posix.WNOHANG)
  while (ended === undefined) {
    console.log('부모: 아직입니다. 2초 동안 일합니다')
    posix.sleep(2)
    ended = posix.waitpid(-1, posix.WNOHANG)
  }
  if (posix.WIFEXITED(ended.status)) console.log(`부모: 자식의 종료 값: ${posix.WEXITSTATUS(ended.status)}`)
})
