/** The kernel says when a child has ended (SIGCHLD); the handler takes every status there is. */
import * as posix from 'tined/posix'

function readChildren(): void {
  try {
    for (let ended = posix.waitpid(-1, posix.WNOHANG); ended; ended = posix.waitpid(-1, posix.WNOHANG))
      if (posix.WIFEXITED(ended.status))
        console.log(`parent: removed child ${ended.pid}, which sent ${posix.WEXITSTATUS(ended.status)}`)
  } catch (error) {
    if ((error as posix.PosixError).code !== 'ECHILD') throw error // that there is no child left is no surprise
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
    console.log(`parent: wait ${turn}…`)
    posix.sleep(2)
  }
})
