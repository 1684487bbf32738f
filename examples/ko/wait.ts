/** wait()는 자식이 종료할 때까지 블로킹되고, 종료 상태를 받는다. 그러면 좀비가 사라진다. */
import * as posix from 'tined/posix'

posix.main(() => {
  const seconds = Number(process.argv[2] ?? 5)

  if (posix.fork() === 0) posix._exit(3)
  if (posix.fork() === 0) {
    posix.sleep(1)
    posix._exit(7)
  }
  for (let child = 0; child < 2; child++) {
    const { pid, status } = posix.wait()
    if (posix.WIFEXITED(status)) console.log(`부모: 자식 ${pid}의 종료 값: ${posix.WEXITSTATUS(status)}`)
  }
  console.log('부모: 좀비가 남지 않았습니다. 직접 확인해 보세요')
  posix.sleep(seconds)
})
