/** 종료한 자식은 부모가 종료 상태를 물을 때까지 좀비로 남는다. */
import * as posix from 'tined/posix'

posix.main(() => {
  const seconds = Number(process.argv[2] ?? 20)

  const pid = posix.fork()
  if (pid === 0) {
    console.log('자식: 이제 종료합니다')
    posix._exit(3)
  }
  console.log(`부모: 자식은 ${pid}입니다. 종료 상태를 묻지 않고 ${seconds}초 동안 잡니다`)
  posix.sleep(seconds)
  console.log('부모: 저도 종료합니다')
})
