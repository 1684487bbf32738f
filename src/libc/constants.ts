/** Constants of the Linux ABI that x86-64 and arm64 share, under their C names. */
import { constants } from 'node:os'

const { errno } = constants
export const { EAGAIN, ECHILD, EINTR, EINVAL, EIO, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC, ESRCH } = errno
export const {
  ECONNABORTED,
  ECONNREFUSED,
  ECONNRESET,
  EPIPE,
  ENOTCONN,
  ENOENT,
  EWOULDBLOCK,
  EADDRINUSE,
  EPERM,
  ENOSYS,
  EDQUOT,
  EINPROGRESS,
  ETIMEDOUT,
  ENETUNREACH,
  EHOSTUNREACH,
} = errno

/** Node's own list lacks it. errno(3) */
export const ETOOMANYREFS = 109

// sys/socket.h
export const AF_UNIX = 1
export const AF_INET = 2
export const AF_INET6 = 10
export const SOCK_STREAM = 1
export const SOCK_SEQPACKET = 5
export const SOCK_NONBLOCK = 0o4000
export const SOCK_CLOEXEC = 0o2000000
export const SOL_SOCKET = 1
export const SO_REUSEADDR = 2
export const SO_ERROR = 4
export const SO_LINGER = 13
export const IPPROTO_TCP = 6
export const TCP_NODELAY = 1
export const IPPROTO_IPV6 = 41
export const IPV6_V6ONLY = 26
export const SHUT_RD = 0
export const SHUT_WR = 1
export const SHUT_RDWR = 2
export const MSG_DONTWAIT = 0x40
export const MSG_NOSIGNAL = 0x4000
export const SCM_RIGHTS = 1

// fcntl.h
export const O_RDONLY = 0
export const O_WRONLY = 1
export const O_RDWR = 2
export const O_CREAT = 0o100
export const O_APPEND = 0o2000
export const O_NONBLOCK = 0o4000
export const O_DIRECT = process.arch === 'arm64' ? 0o200000 : 0o40000
export const O_CLOEXEC = 0o2000000
export const F_GETFD = 1
export const F_SETFD = 2
export const F_GETFL = 3
export const F_SETFL = 4
export const F_SETPIPE_SZ = 1031
export const FD_CLOEXEC = 1
/** Bytes written to a pipe in one piece, never interleaved with another writer's. pipe(7) */
export const PIPE_BUF = 4096

// poll.h, sys/epoll.h
export const POLLIN = 1
export const POLLOUT = 4
export const POLLERR = 8
export const POLLHUP = 16
export const POLLNVAL = 32
export const EPOLLIN = 1
export const EPOLLOUT = 4
export const EPOLLERR = 8
export const EPOLLHUP = 16
export const EPOLL_CTL_ADD = 1
export const EPOLL_CTL_DEL = 2
export const EPOLL_CTL_MOD = 3

// sys/wait.h
export const WNOHANG = 1
export const WUNTRACED = 2
export const WCONTINUED = 8

// signal.h: SIGHUP, SIGCHLD, … from Node, which has the numbers of this architecture
export const { SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGURG } =
  constants.signals
export const { SIGALRM, SIGTERM, SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH } = constants.signals
export const SIG_BLOCK = 0
export const SIG_UNBLOCK = 1
export const SIG_SETMASK = 2

// sys/mman.h, linux/prctl.h, sys/file.h
export const PROT_NONE = 0
export const PROT_READ = 1
export const PROT_WRITE = 2
export const PROT_EXEC = 4
export const MAP_SHARED = 1
export const MAP_PRIVATE = 2
export const MAP_ANONYMOUS = 0x20
export const MAP_NORESERVE = 0x4000
export const MAP_FIXED_NOREPLACE = 0x100000
export const MADV_HUGEPAGE = 14
export const MADV_DOFORK = 11
export const MREMAP_MAYMOVE = 1
export const MREMAP_FIXED = 2
export const MFD_CLOEXEC = 1
export const PR_SET_PDEATHSIG = 1
export const PR_GET_PDEATHSIG = 2
export const PR_SET_NAME = 15
export const PR_SET_CHILD_SUBREAPER = 36
export const PR_GET_CHILD_SUBREAPER = 37
export const PR_SET_NO_NEW_PRIVS = 38
export const LOCK_EX = 2
export const LOCK_NB = 4

// sys/resource.h
export const RLIMIT_CORE = 4
export const RLIMIT_NPROC = 6
export const RLIMIT_NOFILE = 7
export const RLIMIT_LOCKS = 10
