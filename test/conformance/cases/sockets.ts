/** socket(2) and its family, socket(7), tcp(7), unix(7). */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import * as posix from '../../../src/posix/index.js'
import { connection, elapsedMs, fill, join, listener, onUsr1, pair, readText, whenThisSleeps } from '../at-hand.js'
import type { Cases } from '../case.js'

const { AF_INET, AF_INET6, AF_UNIX, MSG_DONTWAIT, MSG_NOSIGNAL, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } = posix
const { SHUT_WR, SOL_SOCKET, accept, bind, connect, getsockopt, listen, recv, send, setsockopt, socket } = posix

const fails = (code: string, act: () => void): void => assert.throws(act, { name: 'PosixError', code })
const tcp = (): posix.Fd => socket(AF_INET, SOCK_STREAM)
const anyPort = { host: '127.0.0.1', port: 0 }
const text = (buffer: Buffer, count: number | undefined): string => buffer.toString('utf8', 0, count)

/** A file name in a folder that is gone afterwards. */
function inFolder(act: (path: string) => void): void {
  const folder = mkdtempSync(pathOf(tmpdir(), 'tined-conformance-'))
  try {
    act(pathOf(folder, 'socket'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Two UDP sockets, the first connected to the second. */
function datagrams(): [posix.Fd, posix.Fd] {
  const [one, other] = [socket(AF_INET, SOCK_DGRAM), socket(AF_INET, SOCK_DGRAM)]
  bind(other, anyPort)
  connect(one, posix.getsockname(other))
  return [one, other]
}

export const cases: Cases = {
  'socket(2): a family that is not there is EAFNOSUPPORT': () => {
    fails('EAFNOSUPPORT', () => socket(77, SOCK_STREAM))
  },
  'socket(2): a protocol that does not fit the type is EPROTONOSUPPORT': () => {
    fails('EPROTONOSUPPORT', () => socket(AF_INET, SOCK_STREAM, posix.IPPROTO_UDP))
  },
  'socket(2): SOCK_CLOEXEC and SOCK_NONBLOCK in the type set the flags': () => {
    const fd = socket(AF_INET, SOCK_STREAM | posix.SOCK_CLOEXEC | posix.SOCK_NONBLOCK)
    assert.equal(posix.fcntl(fd, posix.F_GETFD), posix.FD_CLOEXEC)
    assert.ok(posix.fcntl(fd, posix.F_GETFL) & posix.O_NONBLOCK)
    assert.equal(posix.fcntl(tcp(), posix.F_GETFD), 0)
  },
  'socketpair(2): what is written to either is read from the other': () => {
    const [one, other] = pair()
    posix.write(one, 'there')
    posix.write(other, 'back')
    assert.deepEqual([readText(other), readText(one)], ['there', 'back'])
  },
  'socketpair(2): for AF_INET it is EOPNOTSUPP, which Linux and Node call ENOTSUP as well': () => {
    fails('ENOTSUP', () => posix.socketpair(AF_INET, SOCK_STREAM))
  },
  'bind(2): port 0 takes a free one, which getsockname tells': () => {
    const fd = tcp()
    bind(fd, anyPort)
    const name = posix.getsockname(fd)
    assert.ok(name.family === 'IPv4' && name.address === '127.0.0.1' && name.port > 0)
  },
  'bind(2): an address that somebody listens on is EADDRINUSE': () => {
    const name = posix.getsockname(listener())
    fails('EADDRINUSE', () => bind(tcp(), name))
  },
  'bind(2): a socket that has an address already is EINVAL': () => {
    const fd = tcp()
    bind(fd, anyPort)
    fails('EINVAL', () => bind(fd, anyPort))
  },
  'bind(2): an address that is not local is EADDRNOTAVAIL': () => {
    fails('EADDRNOTAVAIL', () => bind(tcp(), { host: '192.0.2.1', port: 0 }))
  },
  'bind(2): what is no socket is ENOTSOCK': () => {
    const [readEnd] = posix.pipe()
    fails('ENOTSOCK', () => bind(readEnd, anyPort))
  },
  'unix(7): binding makes a file; a path that exists is EADDRINUSE': () => {
    inFolder((path) => {
      const fd = socket(AF_UNIX, SOCK_STREAM)
      bind(fd, { path })
      assert.deepEqual(posix.getsockname(fd), { family: 'unix', path })
      fails('EADDRINUSE', () => bind(socket(AF_UNIX, SOCK_STREAM), { path }))
    })
  },
  'unix(7): an abstract name needs no file and is free again when its socket is closed': () => {
    const path = `\0tined-conformance-${posix.getpid()}`
    const fd = socket(AF_UNIX, SOCK_STREAM)
    bind(fd, { path })
    fails('EADDRINUSE', () => bind(socket(AF_UNIX, SOCK_STREAM), { path }))
    posix.close(fd)
    bind(socket(AF_UNIX, SOCK_STREAM), { path })
  },
  'listen(2): a socket without connections is EOPNOTSUPP': () => {
    fails('ENOTSUP', () => listen(socket(AF_INET, SOCK_DGRAM), 1))
  },
  'accept(2): a socket that does not listen is EINVAL': () => {
    fails('EINVAL', () => accept(tcp()))
  },
  'accept(2): a non-blocking socket with no connection waiting would block': () => {
    const fd = listener()
    posix.setNonBlocking(fd, true)
    assert.equal(accept(fd), undefined)
  },
  'accept(2): it tells the address of the client': () => {
    const server = listener()
    const client = tcp()
    connect(client, posix.getsockname(server))
    const peer: posix.AddressResult = {}
    const taken = accept(server, peer)
    assert.deepEqual(peer.address, posix.getsockname(client))
    assert.deepEqual(posix.getpeername(taken as posix.Fd), posix.getsockname(client))
  },
  'accept(2): on Linux the new socket does not inherit O_NONBLOCK': () => {
    const server = listener()
    connect(tcp(), posix.getsockname(server))
    posix.setNonBlocking(server, true)
    posix.poll([{ fd: server, events: posix.POLLIN }], 5000)
    assert.equal(posix.fcntl(accept(server) as posix.Fd, posix.F_GETFL) & posix.O_NONBLOCK, 0)
  },
  'accept4(2): SOCK_CLOEXEC and SOCK_NONBLOCK are set on the new descriptor': () => {
    const server = listener()
    connect(tcp(), posix.getsockname(server))
    const taken = posix.accept4(server, posix.SOCK_CLOEXEC | posix.SOCK_NONBLOCK) as posix.Fd
    assert.equal(posix.fcntl(taken, posix.F_GETFD), posix.FD_CLOEXEC)
    assert.ok(posix.fcntl(taken, posix.F_GETFL) & posix.O_NONBLOCK)
  },
  'accept(2): it blocks until a client comes': () => {
    const server = listener()
    const child = whenThisSleeps(() => connect(tcp(), posix.getsockname(server)))
    assert.ok(accept(server) !== undefined)
    join(child)
  },
  'signal(7): a handler without SA_RESTART interrupts accept, one with it does not': () => {
    const server = listener()
    const me = posix.getpid()
    const calls = onUsr1()
    const first = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    fails('EINTR', () => accept(server))
    join(first)
    const again = onUsr1(posix.SA_RESTART)
    const second = whenThisSleeps(() => {
      posix.kill(me, posix.SIGUSR1)
      connect(tcp(), posix.getsockname(server))
    })
    assert.ok(accept(server) !== undefined)
    assert.deepEqual([calls.length, again.length], [1, 1])
    join(second)
  },
  'connect(2): a port that nobody listens on is ECONNREFUSED': () => {
    const closed = listener()
    const name = posix.getsockname(closed)
    posix.close(closed)
    fails('ECONNREFUSED', () => connect(tcp(), name))
  },
  'connect(2): a socket that is connected is EISCONN': () => {
    const [client, server] = connection()
    fails('EISCONN', () => connect(client, posix.getsockname(server)))
  },
  'connect(2): a path that is not there is ENOENT, a file that nobody listens on ECONNREFUSED': () => {
    inFolder((path) => {
      fails('ENOENT', () => connect(socket(AF_UNIX, SOCK_STREAM), { path }))
      bind(socket(AF_UNIX, SOCK_STREAM), { path })
      fails('ECONNREFUSED', () => connect(socket(AF_UNIX, SOCK_STREAM), { path }))
    })
  },
  'connect(2): a non-blocking socket is writable when it is done, and SO_ERROR tells how it went': () => {
    const server = listener()
    const name = posix.getsockname(server)
    const later = (): number => {
      const fd = socket(AF_INET, SOCK_STREAM | posix.SOCK_NONBLOCK)
      assert.equal(connect(fd, name), undefined)
      assert.equal(posix.poll([{ fd, events: posix.POLLOUT }], 5000), 1)
      return getsockopt(fd, SOL_SOCKET, posix.SO_ERROR)
    }
    assert.equal(later(), 0)
    posix.close(server)
    assert.equal(later(), posix.ECONNREFUSED)
  },
  'connect(2): with a handler installed a blocking socket connects or is refused all the same': () => {
    onUsr1()
    const server = listener()
    const name = posix.getsockname(server)
    const client = tcp()
    assert.equal(connect(client, name), true)
    assert.equal(posix.fcntl(client, posix.F_GETFL) & posix.O_NONBLOCK, 0)
    posix.close(server)
    fails('ECONNREFUSED', () => connect(tcp(), name))
  },
  'getpeername(2): a socket that is not connected is ENOTCONN': () => {
    fails('ENOTCONN', () => posix.getpeername(tcp()))
  },
  'shutdown(2): a socket that is not connected is ENOTCONN, another direction than three is EINVAL': () => {
    fails('ENOTCONN', () => posix.shutdown(tcp(), SHUT_WR))
    fails('EINVAL', () => posix.shutdown(pair()[0], 3))
  },
  'shutdown(2): after SHUT_WR the peer reads end of file and can still send': () => {
    const [client, server] = connection()
    posix.write(client, 'last')
    posix.shutdown(client, SHUT_WR)
    assert.deepEqual([readText(server), readText(server)], ['last', ''])
    posix.write(server, 'answer')
    assert.equal(readText(client), 'answer')
  },
  'shutdown(2): it ends the connection for every copy of the descriptor, as close does not': () => {
    const [client, server] = connection()
    const copy = posix.dup(client)
    posix.close(client)
    posix.setNonBlocking(server, true)
    assert.equal(posix.read(server, Buffer.alloc(1)), undefined)
    posix.setNonBlocking(server, false)
    posix.shutdown(copy, SHUT_WR)
    assert.equal(readText(server), '')
  },
  'send(2): MSG_NOSIGNAL gives EPIPE and no SIGPIPE': () => {
    const [one, other] = pair()
    posix.close(other)
    posix.signal(posix.SIGPIPE, posix.SIG_DFL)
    fails('EPIPE', () => send(one, 'x', MSG_NOSIGNAL))
  },
  'send(2): without MSG_NOSIGNAL a closed peer is SIGPIPE, which ends the process': () => {
    const child = posix.fork(() => {
      const [one, other] = pair()
      posix.close(other)
      send(one, 'x')
    })
    const { status } = posix.waitpid(child)
    assert.deepEqual([posix.WIFSIGNALED(status), posix.WTERMSIG(status)], [true, posix.SIGPIPE])
  },
  'send(2): MSG_DONTWAIT would block where the call would wait': () => {
    const [one] = pair()
    fill(one)
    assert.equal(send(one, 'x', MSG_DONTWAIT), undefined)
  },
  'send(2): a datagram that is too long is EMSGSIZE': () => {
    const [one] = datagrams()
    fails('EMSGSIZE', () => send(one, Buffer.alloc(65_536)))
  },
  'send(2): a socket without a peer is EDESTADDRREQ': () => {
    fails('EDESTADDRREQ', () => send(socket(AF_INET, SOCK_DGRAM), 'x'))
  },
  'send(2): with a handler installed a long one is sent whole, and a handler without SA_RESTART cuts it short': () => {
    const [one, other] = pair()
    onUsr1()
    const me = posix.getpid()
    const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    const sent = send(one, Buffer.alloc(8_000_000)) as number
    assert.ok(sent > 0 && sent < 8_000_000)
    join(child)
    assert.equal(recv(other, Buffer.alloc(8_000_000), posix.MSG_WAITALL | MSG_DONTWAIT), sent)
  },
  'recv(2): MSG_PEEK leaves what it read': () => {
    const [one, other] = pair()
    send(one, 'abc')
    const buffer = Buffer.alloc(8)
    assert.equal(text(buffer, recv(other, buffer, posix.MSG_PEEK)), 'abc')
    assert.equal(text(buffer, recv(other, buffer)), 'abc')
    assert.equal(recv(other, buffer, MSG_DONTWAIT), undefined)
  },
  'recv(2): MSG_OOB reads the urgent byte, which the stream does not have': () => {
    const [client, server] = connection()
    send(client, 'ab!', posix.MSG_OOB)
    posix.poll([{ fd: server, events: posix.POLLPRI }], 5000)
    const buffer = Buffer.alloc(8)
    assert.equal(text(buffer, recv(server, buffer, posix.MSG_OOB)), '!')
    assert.equal(text(buffer, recv(server, buffer)), 'ab')
    fails('EINVAL', () => recv(server, buffer, posix.MSG_OOB))
  },
  'socket(7): with SO_OOBINLINE the urgent byte stays in the stream': () => {
    const [client, server] = connection()
    setsockopt(server, SOL_SOCKET, posix.SO_OOBINLINE, true)
    send(client, '!', posix.MSG_OOB)
    assert.equal(readText(server), '!')
  },
  'recv(2): MSG_WAITALL waits until the buffer is full': () => {
    const [one, other] = pair()
    send(one, 'ab')
    const child = whenThisSleeps(() => send(one, 'cd'))
    const buffer = Buffer.alloc(4)
    assert.equal(text(buffer, recv(other, buffer, posix.MSG_WAITALL)), 'abcd')
    join(child)
  },
  'recv(2): what does not fit of a datagram is lost, and MSG_TRUNC tells how long it was': () => {
    const [one, other] = datagrams()
    send(one, 'abcdef')
    send(one, 'next')
    const buffer = Buffer.alloc(3)
    assert.equal(recv(other, buffer, posix.MSG_TRUNC), 6)
    assert.equal(text(buffer, recv(other, buffer)), 'nex')
  },
  'recv(2): a datagram of length 0 reads as 0': () => {
    const [one, other] = datagrams()
    assert.equal(send(one, ''), 0)
    assert.equal(recv(other, Buffer.alloc(3)), 0)
  },
  'recvfrom(2): it tells the sender, to whom sendto answers': () => {
    const [one, other] = datagrams()
    send(one, 'ping')
    const from: posix.AddressResult = {}
    posix.recvfrom(other, Buffer.alloc(8), 0, from)
    assert.deepEqual(from.address, posix.getsockname(one))
    assert.ok(from.address)
    posix.sendto(other, 'pong', 0, from.address)
    assert.equal(readText(one), 'pong')
  },
  'recv(2): a connection that was reset is ECONNRESET': () => {
    const [client, server] = connection()
    setsockopt(client, SOL_SOCKET, posix.SO_LINGER, { l_onoff: 1, l_linger: 0 })
    posix.close(client)
    fails('ECONNRESET', () => recv(server, Buffer.alloc(1)))
  },
  'socket(7): SO_RCVTIMEO lets a blocking read would-block when its time is up': () => {
    const [, server] = connection()
    setsockopt(server, SOL_SOCKET, posix.SO_RCVTIMEO, { tv_sec: 0, tv_usec: 20_000 })
    assert.deepEqual(getsockopt(server, SOL_SOCKET, posix.SO_RCVTIMEO), { tv_sec: 0, tv_usec: 20_000 })
    assert.ok(elapsedMs(() => assert.equal(posix.read(server, Buffer.alloc(1)), undefined)) >= 19)
  },
  'socket(7): SO_TYPE, SO_DOMAIN and SO_ACCEPTCONN tell what a socket is': () => {
    const ask = (fd: posix.Fd): number[] =>
      [posix.SO_TYPE, posix.SO_DOMAIN, posix.SO_ACCEPTCONN].map((name) => getsockopt(fd, SOL_SOCKET, name))
    assert.deepEqual(ask(listener()), [SOCK_STREAM, AF_INET, 1])
    assert.deepEqual(ask(pair(SOCK_SEQPACKET)[0]), [SOCK_SEQPACKET, AF_UNIX, 0])
  },
  'socket(7): the kernel doubles SO_RCVBUF': () => {
    const fd = tcp()
    setsockopt(fd, SOL_SOCKET, posix.SO_RCVBUF, 20_000)
    assert.equal(getsockopt(fd, SOL_SOCKET, posix.SO_RCVBUF), 40_000)
  },
  'socket(7): SO_LINGER is a struct, and told as it was set': () => {
    const fd = tcp()
    setsockopt(fd, SOL_SOCKET, posix.SO_LINGER, { l_onoff: 1, l_linger: 7 })
    assert.deepEqual(getsockopt(fd, SOL_SOCKET, posix.SO_LINGER), { l_onoff: 1, l_linger: 7 })
  },
  'socket(7): with SO_REUSEPORT on both, two sockets listen on one port': () => {
    const first = tcp()
    setsockopt(first, SOL_SOCKET, posix.SO_REUSEPORT, true)
    bind(first, anyPort)
    listen(first, 1)
    const second = tcp()
    setsockopt(second, SOL_SOCKET, posix.SO_REUSEPORT, true)
    bind(second, posix.getsockname(first))
    listen(second, 1)
  },
  'getsockopt(2): an option that the level does not have is ENOPROTOOPT': () => {
    fails('ENOPROTOOPT', () => getsockopt(tcp(), SOL_SOCKET, 9999))
    fails('ENOPROTOOPT', () => setsockopt(tcp(), posix.IPPROTO_TCP, 9999, 1))
  },
  'tcp(7): TCP_NODELAY is off at first, and can be set': () => {
    const fd = tcp()
    assert.equal(getsockopt(fd, posix.IPPROTO_TCP, posix.TCP_NODELAY), 0)
    setsockopt(fd, posix.IPPROTO_TCP, posix.TCP_NODELAY, 1)
    assert.equal(getsockopt(fd, posix.IPPROTO_TCP, posix.TCP_NODELAY), 1)
  },
  'unix(7): SO_PEERCRED tells who made the pair': () => {
    const [one] = pair()
    const { pid } = getsockopt(one, SOL_SOCKET, posix.SO_PEERCRED)
    assert.equal(pid, posix.getpid())
  },
  'unix(7): SOCK_SEQPACKET keeps the bounds of messages': () => {
    const [one, other] = pair(SOCK_SEQPACKET)
    send(one, 'first')
    send(one, 'second')
    assert.deepEqual([readText(other), readText(other)], ['first', 'second'])
  },
  'unix(7): a descriptor that is passed is another name of the same open file description': () => {
    const [one, other] = pair()
    const file = posix.open('/proc/self/exe', posix.O_RDONLY)
    posix.sendmsg(one, { msg_iov: [Buffer.from('x')], fds: [file] })
    const message: posix.MessageToReceive = { msg_iov: [Buffer.alloc(1)], maxFds: 1 }
    assert.equal(posix.recvmsg(other, message), 1)
    const [copy] = message.fds as [posix.Fd]
    assert.notEqual(copy, file)
    const [a, b] = [Buffer.alloc(4), Buffer.alloc(4)]
    posix.read(file, a)
    posix.read(copy, b)
    assert.deepEqual([a.toString('latin1', 1), b.equals(a)], ['ELF', false])
  },
  "unix(7): a descriptor can be passed to another process, which outlives the sender's copy": () => {
    const [one, other] = pair()
    const child = posix.fork(() => {
      const [readEnd, writeEnd] = posix.pipe()
      posix.write(writeEnd, 'from the child')
      posix.sendmsg(one, { msg_iov: [Buffer.from('x')], fds: [readEnd, writeEnd] })
    })
    join(child)
    const message: posix.MessageToReceive = { msg_iov: [Buffer.alloc(1)], maxFds: 2 }
    posix.recvmsg(other, message, posix.MSG_CMSG_CLOEXEC)
    const [readEnd, writeEnd] = message.fds as [posix.Fd, posix.Fd]
    assert.equal(posix.fcntl(readEnd, posix.F_GETFD), posix.FD_CLOEXEC)
    posix.close(writeEnd)
    assert.deepEqual([readText(readEnd), readText(readEnd)], ['from the child', ''])
  },
  'recvmsg(2): descriptors without room are closed, and MSG_CTRUNC is set': () => {
    const [one, other] = pair()
    const [readEnd, writeEnd] = posix.pipe()
    posix.sendmsg(one, { msg_iov: [Buffer.from('x')], fds: [readEnd, readEnd] })
    posix.close(readEnd)
    const message: posix.MessageToReceive = { msg_iov: [Buffer.alloc(1)], maxFds: 1 }
    posix.recvmsg(other, message)
    assert.equal(message.fds?.length, 1)
    assert.ok((message.msg_flags ?? 0) & posix.MSG_CTRUNC)
    for (const fd of message.fds ?? []) posix.close(fd)
    fails('EPIPE', () => {
      posix.signal(posix.SIGPIPE, posix.SIG_IGN)
      posix.write(writeEnd, 'x')
    })
  },
  'sendmsg(2): the pieces arrive as one message, and are read into pieces': () => {
    const [one, other] = pair(SOCK_SEQPACKET)
    assert.equal(posix.sendmsg(one, { msg_iov: [Buffer.from('ab'), Buffer.from('cde')] }), 5)
    const parts = [Buffer.alloc(3), Buffer.alloc(3)]
    assert.equal(posix.recvmsg(other, { msg_iov: parts }), 5)
    assert.deepEqual(parts.map(String), ['abc', 'de\0'])
  },
  'sendmsg(2): a descriptor that is not open is EBADF': () => {
    fails('EBADF', () => posix.sendmsg(pair()[0], { msg_iov: [Buffer.from('x')], fds: [987] }))
  },
  'ipv6(7): a connection over ::1 tells IPv6 addresses': () => {
    const server = socket(AF_INET6, SOCK_STREAM)
    bind(server, { host: '::1', port: 0 })
    listen(server, 1)
    const name = posix.getsockname(server)
    const client = socket(AF_INET6, SOCK_STREAM)
    assert.equal(connect(client, name), true)
    assert.deepEqual(posix.getpeername(client), name)
    assert.ok(name.family === 'IPv6' && name.address === '::1')
  },
  'ipv6(7): a socket without IPV6_V6ONLY takes IPv4 clients too': () => {
    const server = socket(AF_INET6, SOCK_STREAM)
    setsockopt(server, posix.IPPROTO_IPV6, posix.IPV6_V6ONLY, 0)
    bind(server, { host: '::', port: 0 })
    listen(server, 1)
    const { port } = posix.getsockname(server) as { port: number }
    connect(tcp(), { host: '127.0.0.1', port })
    const peer: posix.AddressResult = {}
    accept(server, peer)
    assert.equal(peer.address?.family, 'IPv4')
  },
}
