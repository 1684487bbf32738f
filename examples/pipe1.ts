/** A pipe carries bytes from one process to another; fork copies its two descriptors. */
import * as posix from 'tined/posix'

posix.main(() => {
  const buf = Buffer.alloc(30)

  const fds = posix.pipe()
  if (posix.fork() === 0) {
    posix.write(fds[1], 'Who are you?')
    posix._exit(0)
  }
  const len = posix.read(fds[0], buf)
  console.log(`parent: ${buf.toString('utf8', 0, len)}`)
  posix.wait()
})
