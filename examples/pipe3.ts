/** A pipe for each direction: nobody can read what is not meant for them, and nobody has to sleep. */
import * as posix from 'tined/posix'

posix.main(() => {
  const buf = Buffer.alloc(30)

  const up = posix.pipe()
  const down = posix.pipe()
  if (posix.fork() === 0) {
    posix.write(up[1], 'Who are you?')
    const len = posix.read(down[0], buf)
    console.log(`child: ${buf.toString('utf8', 0, len)}`)
    posix._exit(0)
  }
  const len = posix.read(up[0], buf)
  console.log(`parent: ${buf.toString('utf8', 0, len)}`)
  posix.write(down[1], 'Your parent.')
  posix.wait()
})
