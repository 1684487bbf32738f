/** sigaction()은 signal()과 같은 일을 하고, 그동안 무엇을 블록할지(sa_mask), 어떻게 할지(sa_flags)도 정한다. */
import * as posix from 'tined/posix'

function timeout(sig: number): void {
  if (sig === posix.SIGALRM) console.log('시간 초과!')
  posix.alarm(1)
}

posix.main(() => {
  posix.sigaction(posix.SIGALRM, { sa_handler: timeout, sa_mask: [], sa_flags: 0 })
  posix.alarm(1)
  for (let turn = 1; turn <= 3; turn++) {
    console.log(`대기 ${turn}…`)
    posix.sleep(100)
  }
})
