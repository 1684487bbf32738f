// An echo over Node's net, as most would write it.
import { createServer } from 'node:net'

createServer((socket) => {
  socket.on('data', (chunk) => socket.write(chunk))
  socket.on('error', () => socket.destroy())
}).listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 511 })
