/** fork copies descriptors, not sockets: the other side sees the end only when the last copy is closed. */
import * as posix from 'tined/posix'

function canRead(fd: number, seconds: number): boolean {
  const reads = posix.fd_set()
  posix.FD_SET(fd, reads)
  return posix.select(fd + 1, reads, null, null, { tv_sec: seconds, tv_usec: 0 }) > 0
}

posix.main(() => {
  const buf = Buffer.alloc(30)

  const [serv, clnt] = posix.socketpair(posix.AF_UNIX, posix.SOCK_STREAM, 0)
  if (posix.fork() === 0) {
    posix.close(clnt)
    posix.write(serv, 'bye')
    posix.close(serv)
    console.log("server's child: said bye, closed the socket, and ends")
    posix._exit(0)
  }
  posix.wait()
  const len = posix.read(clnt, buf)
  console.log(`client: ${buf.toString('utf8', 0, len)}`)
  console.log(`client: end of file within 2 s? ${canRead(clnt, 2) ? 'yes' : 'no, the parent holds a copy'}`)
  posix.close(serv)
  console.log(`client: and with that closed too? ${canRead(clnt, 2) && posix.read(clnt, buf) === 0 ? 'yes' : 'no'}`)
})
