/** sigaction() does what signal() does, and says what else is blocked (sa_mask) and how (sa_flags). */
import * as posix from 'tined/posix'

function timeout(sig: number): void {
  if (sig === posix.SIGALRM) console.log('time-out!')
  posix.alarm(1)
}

posix.main(() => {
  posix.sigaction(posix.SIGALRM, { sa_handler: timeout, sa_mask: [], sa_flags: 0 })
  posix.alarm(1)
  for (let turn = 1; turn <= 3; turn++) {
    console.log(`wait ${turn}…`)
    posix.sleep(100)
  }
})
