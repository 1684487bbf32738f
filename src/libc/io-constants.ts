/** More constants of descriptors, sockets and multiplexing, under their C names; x86-64 and arm64 differ where it says so. */
import { constants } from 'node:os'
import type { Fd } from './brand.js'

const arm64 = process.arch === 'arm64'

export const {
  EACCES,
  EADDRNOTAVAIL,
  EAFNOSUPPORT,
  EALREADY,
  EBADF,
  EDESTADDRREQ,
  EEXIST,
  EFAULT,
  EISCONN,
  EMSGSIZE,
  ENOPROTOOPT,
  ENOTSOCK,
  EOPNOTSUPP,
  EPROTONOSUPPORT,
} = constants.errno

// unistd.h
export const STDIN_FILENO = 0 as Fd
export const STDOUT_FILENO = 1 as Fd
export const STDERR_FILENO = 2 as Fd

// fcntl.h, sys/file.h
export const O_EXCL = 0o200
export const O_NOCTTY = 0o400
export const O_TRUNC = 0o1000
export const O_DSYNC = 0o10000
export const O_SYNC = 0o4010000
export const O_DIRECTORY = arm64 ? 0o40000 : 0o200000
export const O_NOFOLLOW = arm64 ? 0o100000 : 0o400000
export const F_DUPFD = 0
export const F_SETOWN = 8
export const F_GETOWN = 9
export const F_DUPFD_CLOEXEC = 1030
export const F_GETPIPE_SZ = 1032
export const LOCK_SH = 1
export const LOCK_UN = 8

// sys/socket.h
export const AF_UNSPEC = 0
export const PF_UNIX = 1
export const PF_INET = 2
export const PF_INET6 = 10
export const SOCK_DGRAM = 2
export const SOMAXCONN = 4096
export const SO_TYPE = 3
export const SO_BROADCAST = 6
export const SO_SNDBUF = 7
export const SO_RCVBUF = 8
export const SO_KEEPALIVE = 9
export const SO_OOBINLINE = 10
export const SO_REUSEPORT = 15
export const SO_PASSCRED = 16
export const SO_PEERCRED = 17
export const SO_RCVLOWAT = 18
export const SO_SNDLOWAT = 19
export const SO_RCVTIMEO = 20
export const SO_SNDTIMEO = 21
export const SO_ACCEPTCONN = 30
export const SO_PROTOCOL = 38
export const SO_DOMAIN = 39
export const MSG_OOB = 0x1
export const MSG_PEEK = 0x2
export const MSG_CTRUNC = 0x8
export const MSG_TRUNC = 0x20
export const MSG_EOR = 0x80
export const MSG_WAITALL = 0x100
export const MSG_MORE = 0x8000
export const MSG_CMSG_CLOEXEC = 0x4000_0000

// netinet/in.h, netinet/tcp.h
export const IPPROTO_IP = 0
export const IPPROTO_UDP = 17
export const TCP_MAXSEG = 2
export const TCP_CORK = 3
export const TCP_KEEPIDLE = 4
export const TCP_KEEPINTVL = 5
export const TCP_KEEPCNT = 6
export const TCP_DEFER_ACCEPT = 9
export const TCP_INFO = 11
export const TCP_QUICKACK = 12
export const TCP_USER_TIMEOUT = 18
export const TCP_FASTOPEN = 23

// limits.h, bits/uio_lim.h: buffers in one readv, writev, sendmsg or recvmsg
export const IOV_MAX = 1024

// sys/select.h, poll.h, sys/epoll.h
/** Descriptors that an fd_set holds unless it is made larger. select(2) */
export const FD_SETSIZE = 1024
export const POLLPRI = 0x2
export const POLLRDNORM = 0x40
export const POLLRDBAND = 0x80
export const POLLWRNORM = 0x100
export const POLLWRBAND = 0x200
export const POLLRDHUP = 0x2000
export const EPOLLPRI = 0x2
export const EPOLLRDHUP = 0x2000
export const EPOLLEXCLUSIVE = 0x1000_0000
export const EPOLLWAKEUP = 0x2000_0000
export const EPOLLONESHOT = 0x4000_0000
export const EPOLLET = 0x8000_0000
export const EPOLL_CLOEXEC = 0o2000000

// sys/eventfd.h, sys/signalfd.h, sys/timerfd.h, time.h
export const EFD_SEMAPHORE = 1
export const EFD_NONBLOCK = 0o4000
export const EFD_CLOEXEC = 0o2000000
export const SFD_NONBLOCK = 0o4000
export const SFD_CLOEXEC = 0o2000000
export const TFD_NONBLOCK = 0o4000
export const TFD_CLOEXEC = 0o2000000
export const TFD_TIMER_ABSTIME = 1
export const CLOCK_REALTIME = 0
export const CLOCK_MONOTONIC = 1
export const CLOCK_BOOTTIME = 7
