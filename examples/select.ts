/** select() waits for standard input, but not longer than it is told. */
import * as posix from 'tined/posix'

posix.main(() => {
  const buf = Buffer.alloc(1024)
  const seconds = Number(process.argv[2] ?? 5)

  const reads = posix.fd_set()
  posix.FD_SET(0, reads)
  for (;;) {
    const ready = posix.fd_set(reads) // select leaves only what is ready in its sets
    const timeout = { tv_sec: seconds, tv_usec: 0 } // and only what is left in its time-out
    const count = posix.select(0 + 1, ready, null, null, timeout)
    if (count === 0) {
      console.log('time-out!')
    } else if (posix.FD_ISSET(0, ready)) {
      const len = posix.read(0, buf)
      if (len === 0) break
      process.stdout.write(`you wrote: ${buf.toString('utf8', 0, len)}`)
    }
  }
  console.log('end of input')
})
