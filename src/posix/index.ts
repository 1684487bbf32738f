/** The POSIX layer: C names, TypeScript types. Each function documents its man page. */
export { formatAddress, parseAddress, type SocketAddress } from './address.js'
export * from './constants.js'
export {
  close,
  close_range,
  dup2,
  fcntl,
  fdatasync,
  flock,
  ftruncate,
  open,
  pipe,
  pipe2,
  read,
  setNonBlocking,
  write,
} from './fd.js'
export { PosixError } from './posix-error.js'
export { _exit, getpid, getppid, kill, pidfd_open, prctl, setpgid, type Waited, waitpid } from './process.js'
export { getrlimit, type Limit, setrlimit } from './resource.js'
export { receiveDescriptor, sendDescriptor } from './scm-rights.js'
export * from './signal.js'
export {
  accept4,
  bind,
  connect,
  getsockname,
  getsockopt,
  listen,
  setsockopt,
  shutdown,
  socket,
  socketpair,
} from './socket.js'
export * from './wait-status.js'
