/** The C functions that more than one module here calls: as they are, without a check of arguments or results. */
import { c, type Memory } from './ffi.js'

type Bytes = Memory | Int32Array

/** Descriptors. */
export const readRaw: (fd: number, buffer: Memory, count: number) => number = c(
  'long read(int fd, void *buf, size_t count)',
)
export const writeRaw: (fd: number, buffer: Memory, count: number) => number = c(
  'long write(int fd, void *buf, size_t count)',
)
export const closeRaw: (fd: number) => number = c('int close(int fd)')
export const fcntlRaw: (fd: number, command: number, argument: number) => number = c(
  'int fcntl(int fd, int cmd, long arg)',
)

/** Sockets. */
type Name = (fd: number, address: Memory, length: number) => number
type Message = (fd: number, message: Memory, flags: number) => number
export const socketRaw: (domain: number, type: number, protocol: number) => number = c(
  'int socket(int domain, int type, int protocol)',
)
export const socketpairRaw: (domain: number, type: number, protocol: number, fds: Int32Array) => number = c(
  'int socketpair(int domain, int type, int protocol, void *sv)',
)
export const bindRaw: Name = c('int bind(int fd, void *addr, uint32_t len)')
export const connectRaw: Name = c('int connect(int fd, void *addr, uint32_t len)')
export const listenRaw: (fd: number, backlog: number) => number = c('int listen(int fd, int backlog)')
export const accept4Raw: (fd: number, address: Bytes, length: Bytes, flags: number) => number = c(
  'int accept4(int fd, void *addr, void *len, int flags)',
)
export const getsocknameRaw: (fd: number, address: Bytes, length: Bytes) => number = c(
  'int getsockname(int fd, void *addr, void *len)',
)
export const getpeernameRaw: (fd: number, address: Bytes, length: Bytes) => number = c(
  'int getpeername(int fd, void *addr, void *len)',
)
export const shutdownRaw: (fd: number, how: number) => number = c('int shutdown(int fd, int how)')
export const getsockoptRaw: (fd: number, level: number, name: number, value: Bytes, length: Bytes) => number = c(
  'int getsockopt(int fd, int level, int name, void *value, void *len)',
)
export const setsockoptRaw: (fd: number, level: number, name: number, value: Memory, length: number) => number = c(
  'int setsockopt(int fd, int level, int name, void *value, uint32_t len)',
)
export const sendmsgRaw: Message = c('long sendmsg(int fd, void *msg, int flags)')
export const recvmsgRaw: Message = c('long recvmsg(int fd, void *msg, int flags)')

/** Waiting. */
export const pollRaw: (fds: Int32Array, count: number, timeoutMs: number) => number = c(
  'int poll(void *fds, unsigned long nfds, int timeout)',
)
export const ppollRaw: (fds: Int32Array, count: number, timeout: Memory, mask: Memory) => number = c(
  'int ppoll(void *fds, unsigned long nfds, void *timeout, void *sigmask)',
)
export const epollCreateRaw: (flags: number) => number = c('int epoll_create1(int flags)')
export const epollCtlRaw: (epfd: number, operation: number, fd: number, event: Bytes) => number = c(
  'int epoll_ctl(int epfd, int op, int fd, void *event)',
)
export const waitpidRaw: (pid: number, status: Int32Array, options: number) => number = c(
  'int waitpid(int pid, void *status, int options)',
)

/** Signals. */
export const sigmaskRaw: (how: number, set: Memory, old: Memory) => number = c(
  'int pthread_sigmask(int how, void *set, void *oldset)',
)
export const sigactionRaw: (signal: number, action: Memory, old: Memory) => number = c(
  'int sigaction(int sig, void *act, void *oldact)',
)
export const signalfdRaw: (fd: number, mask: Memory, flags: number) => number = c(
  'int signalfd(int fd, void *mask, int flags)',
)

/** Memory. */
export const madviseRaw: (address: bigint, length: bigint, advice: number) => number = c(
  'int madvise(uint64_t addr, uint64_t length, int advice)',
)
