/** Byte orders, addresses as text and numbers, names, groups: what programs of a course do before they connect. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import * as posix from '../../../src/posix/index.js'
import type { Cases } from '../case.js'
import { fails } from '../expect.js'

const { AF_INET, AF_INET6 } = posix

export const cases: Cases = {
  'htons(3), htonl(3): the network has the highest byte first': () => {
    assert.equal(posix.htons(9190), 0xe623)
    assert.equal(posix.ntohs(0xe623), 9190)
    assert.equal(posix.htonl(posix.INADDR_LOOPBACK), 0x0100_007f)
    assert.equal(posix.ntohl(0x0100_007f), posix.INADDR_LOOPBACK)
    assert.equal(posix.htonl(0xffff_fffe), 0xfeff_ffff)
    assert.throws(() => posix.htons(65_536), RangeError)
  },
  'inet_addr(3): all forms of an IPv4 address; INADDR_NONE for what is none': () => {
    for (const text of ['127.0.0.1', '127.1', '0x7f000001', '017700000001'])
      assert.equal(posix.inet_addr(text), posix.htonl(posix.INADDR_LOOPBACK), text)
    for (const text of ['', 'localhost', '1.2.3.4.5', '256.0.0.1'])
      assert.equal(posix.inet_addr(text), posix.INADDR_NONE, text)
  },
  'inet_pton(3), inet_ntop(3): text and bytes, of both families': () => {
    assert.deepEqual([...(posix.inet_pton(AF_INET, '10.0.0.1') ?? [])], [10, 0, 0, 1])
    assert.equal(posix.inet_pton(AF_INET, '10.1'), undefined)
    assert.equal(posix.inet_pton(AF_INET6, 'fe80::1%lo'), undefined)
    for (const text of ['::1', '2001:db8::5', '::ffff:10.0.0.1', '::'])
      assert.equal(posix.inet_ntop(AF_INET6, posix.inet_pton(AF_INET6, text) ?? Buffer.alloc(0)), text)
    fails('EAFNOSUPPORT', () => posix.inet_pton(99, '10.0.0.1'))
    fails('EAFNOSUPPORT', () => posix.inet_ntop(99, Buffer.alloc(4)))
  },
  'bind(2): takes a struct sockaddr_in as C programs fill it in': () => {
    const fd = posix.socket(AF_INET, posix.SOCK_STREAM)
    const { htonl, htons, INADDR_LOOPBACK } = posix
    posix.bind(fd, { sin_family: AF_INET, sin_port: htons(0), sin_addr: { s_addr: htonl(INADDR_LOOPBACK) } })
    const bound = posix.getsockname(fd)
    assert.ok(bound.family === 'IPv4' && bound.address === '127.0.0.1' && bound.port > 0)
    assert.throws(() => posix.bind(fd, { sin_family: 99, sin_port: 0, sin_addr: { s_addr: 0 } }), /sin_family/)
  },
  'ip(7): a socket joins a group, and leaves it': () => {
    const fd = posix.socket(AF_INET, posix.SOCK_DGRAM)
    const group = { imr_multiaddr: '239.1.2.3', imr_interface: '127.0.0.1' }
    posix.setsockopt(fd, posix.IPPROTO_IP, posix.IP_ADD_MEMBERSHIP, group)
    fails('EADDRINUSE', () => posix.setsockopt(fd, posix.IPPROTO_IP, posix.IP_ADD_MEMBERSHIP, group))
    posix.setsockopt(fd, posix.IPPROTO_IP, posix.IP_DROP_MEMBERSHIP, group)
    posix.setsockopt(fd, posix.IPPROTO_IP, posix.IP_MULTICAST_TTL, 3)
    assert.equal(posix.getsockopt(fd, posix.IPPROTO_IP, posix.IP_MULTICAST_TTL), 3)
  },
  'getaddrinfo(3): numeric hosts and ports need no lookup; what is no name has no addresses': () => {
    const hints = { ai_socktype: posix.SOCK_STREAM, ai_flags: posix.AI_NUMERICHOST }
    assert.deepEqual(posix.getaddrinfo('127.0.0.1', '9190', hints), [
      {
        ai_family: AF_INET,
        ai_socktype: posix.SOCK_STREAM,
        ai_protocol: posix.IPPROTO_TCP,
        ai_addr: { family: 'IPv4', address: '127.0.0.1', port: 9190 },
      },
    ])
    assert.deepEqual(posix.getaddrinfo('no address', '9190', hints), [])
    const passive = { ...hints, ai_family: AF_INET6, ai_flags: posix.AI_PASSIVE }
    assert.deepEqual(
      posix.getaddrinfo(null, '80', passive).map(({ ai_addr }) => ai_addr),
      [{ family: 'IPv6', address: '::', port: 80 }],
    )
    fails('EINVAL', () => posix.getaddrinfo('127.0.0.1', null, { ai_family: 99 }))
    fails('EINVAL', () => posix.getaddrinfo(null, null))
  },
  'getaddrinfo(3): names of this machine': () => {
    assert.match(readFileSync('/etc/hosts', 'utf8'), /localhost/)
    const found = posix.getaddrinfo('localhost', 'http', { ai_family: AF_INET, ai_socktype: posix.SOCK_STREAM })
    assert.deepEqual(found[0]?.ai_addr, { family: 'IPv4', address: '127.0.0.1', port: 80 })
  },
}
