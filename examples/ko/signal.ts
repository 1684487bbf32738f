/** signal()로 SIGALRM(alarm)과 SIGINT(Ctrl-C)에 함수를 등록한다. 자던 프로세스는 그때 깨어난다. */
import * as posix from 'tined/posix'

const seconds = Number(process.argv[2] ?? 2)

function timeout(): void {
  console.log('시간 초과!')
  posix.alarm(seconds)
}

function keyControl(): void {
  console.log('Ctrl-C를 눌렀습니다')
}

posix.main(() => {
  posix.signal(posix.SIGALRM, timeout)
  posix.signal(posix.SIGINT, keyControl)
  posix.alarm(seconds)
  for (let turn = 1; turn <= 3; turn++) {
    console.log(`대기 ${turn}…`)
    posix.sleep(100)
  }
})
