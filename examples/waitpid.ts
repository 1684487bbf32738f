/** waitpid() with WNOHANG asks and comes back at once, so the parent can do something else meanwhile. */
import * as posix from 'tined/posix'

posix.main(() => {
  if (posix.fork() === 0) {
    posix.sleep(3)
    posix._exit(24)
  }
  let ended = posix.waitpid(-1, posix.WNOHANG)
  while (ended === undefined) {
    console.log('parent: not yet, I work for 2 s')
    posix.sleep(2)
    ended = posix.waitpid(-1, posix.WNOHANG)
  }
  if (posix.WIFEXITED(ended.status)) console.log(`parent: the child sent ${posix.WEXITSTATUS(ended.status)}`)
})
