// Node's nearest thing to fork(2): a new node per connection, which is handed the socket. Usage: child-process-fork.mjs PORT
import { fork } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const self = fileURLToPath(import.meta.url)

function serveOne() {
  process.once('message', (_, socket) => {
    socket.allowHalfOpen = true
    socket.on('error', () => process.exit(1))
    socket.on('close', () => process.exit(0))
    socket.pipe(socket)
  })
}

function listen(port) {
  // Paused, or the parent could read the bytes that the child is to echo.
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    fork(self, ['--child']).send('serve', socket)
  })
  server.listen({ port, host: '127.0.0.1', backlog: 511 })
}

if (process.argv[2] === '--child') serveOne()
else listen(Number(process.argv[2]))
