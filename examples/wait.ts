/** wait() blocks until a child has ended, takes its status, and with that the zombie is gone. */
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
    if (posix.WIFEXITED(status)) console.log(`parent: child ${pid} sent ${posix.WEXITSTATUS(status)}`)
  }
  console.log('parent: no zombie is left, see for yourself')
  posix.sleep(seconds)
})
