/** Both directions through one pipe: it works only as long as everybody reads at the right moment. */
import * as posix from 'tined/posix'

posix.main(() => {
  const buf = Buffer.alloc(30)

  const fds = posix.pipe()
  if (posix.fork() === 0) {
    posix.write(fds[1], 'Who are you?')
    posix.sleep(2) // without it the child reads its own question
    const len = posix.read(fds[0], buf)
    console.log(`child: ${buf.toString('utf8', 0, len)}`)
    posix._exit(0)
  }
  const len = posix.read(fds[0], buf)
  console.log(`parent: ${buf.toString('utf8', 0, len)}`)
  posix.write(fds[1], 'Your parent.')
  posix.wait()
})
