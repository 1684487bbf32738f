/** 자식이 종료하면 커널이 알려 주고(SIGCHLD), 핸들러가 받을 수 있는 상태를 모두 받는다. */
import * as posix from 'tined/posix'

function readChildren(): void {
  try {
    for (let ended = posix.waitpid(-1, posix.WNOHANG); ended; ended = posix.waitpid(-1, posix.WNOHANG))
      if (posix.WIFEXITED(ended.status))
        console.log(`부모: 자식 ${ended.pid} 제거, 종료 값: ${posix.WEXITSTATUS(ended.status)}`)
  } catch (error) {
    if ((error as posix.PosixError).code !== 'ECHILD') throw error // 남은 자식이 없는 것은 뜻밖의 일이 아니다
  }
}

posix.main(() => {
  posix.sigaction(posix.SIGCHLD, { sa_handler: readChildren, sa_mask: [], sa_flags: 0 })
  if (posix.fork() === 0) {
    posix.sleep(1)
    posix._exit(12)
  }
  if (posix.fork() === 0) {
    posix.sleep(2)
    posix._exit(24)
  }
  for (let turn = 1; turn <= 3; turn++) {
    console.log(`부모: 대기 ${turn}…`)
    posix.sleep(2)
  }
})
