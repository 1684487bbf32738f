/** signal() registers a function for SIGALRM (alarm) and SIGINT (Ctrl-C); a sleeping process is woken for it. */
import * as posix from 'tined/posix'

const seconds = Number(process.argv[2] ?? 2)

function timeout(): void {
  console.log('time-out!')
  posix.alarm(seconds)
}

function keyControl(): void {
  console.log('Ctrl-C pressed')
}

posix.main(() => {
  posix.signal(posix.SIGALRM, timeout)
  posix.signal(posix.SIGINT, keyControl)
  posix.alarm(seconds)
  for (let turn = 1; turn <= 3; turn++) {
    console.log(`wait ${turn}…`)
    posix.sleep(100)
  }
})
