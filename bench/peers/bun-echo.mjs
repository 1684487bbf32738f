// An echo over Bun's own sockets. What does not fit the socket's buffer is an error here: the messages of the bench always do.
Bun.listen({
  hostname: '127.0.0.1',
  port: Number(process.argv[2]),
  socket: {
    data(socket, data) {
      if (socket.write(data) !== data.length) socket.terminate()
    },
    error(socket) {
      socket.terminate()
    },
  },
})
