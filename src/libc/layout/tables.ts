/**
 * Where C keeps the members of its structs: bytes from the start, and bytes wide. Tables only; a test compares the one
 * of the running machine with its C compiler.
 */

/** A member: offset and size, in bytes. */
export type Member = readonly [offset: number, bytes: number]

/** A struct: its size in bytes, and its members. */
export interface Layout<Name extends string> {
  readonly size: number
  readonly members: Readonly<Record<Name, Member>>
}

const layout = <Name extends string>(size: number, members: Record<Name, Member>): Layout<Name> => ({ size, members })

/** What is the same in every 64-bit Linux. */
const common = {
  timeval: layout(16, { tv_sec: [0, 8], tv_usec: [8, 8] }),
  timespec: layout(16, { tv_sec: [0, 8], tv_nsec: [8, 8] }),
  itimerspec: layout(32, { it_interval: [0, 16], it_value: [16, 16] }),
  pollfd: layout(8, { fd: [0, 4], events: [4, 2], revents: [6, 2] }),
  iovec: layout(16, { iov_base: [0, 8], iov_len: [8, 8] }),
  linger: layout(8, { l_onoff: [0, 4], l_linger: [4, 4] }),
  ucred: layout(12, { pid: [0, 4], uid: [4, 4], gid: [8, 4] }),
  sockaddr_in: layout(16, { sin_family: [0, 2], sin_port: [2, 2], sin_addr: [4, 4] }),
  sockaddr_in6: layout(28, { sin6_family: [0, 2], sin6_port: [2, 2], sin6_addr: [8, 16] }),
  sockaddr_un: layout(110, { sun_family: [0, 2], sun_path: [2, 108] }),
  signalfd_siginfo: layout(128, {
    ssi_signo: [0, 4],
    ssi_errno: [4, 4],
    ssi_code: [8, 4],
    ssi_pid: [12, 4],
    ssi_uid: [16, 4],
    ssi_fd: [20, 4],
    ssi_status: [40, 4],
    ssi_int: [44, 4],
    ssi_ptr: [48, 8],
  }),
}

const glibc = {
  msghdr: layout(56, {
    msg_name: [0, 8],
    msg_namelen: [8, 4],
    msg_iov: [16, 8],
    msg_iovlen: [24, 8],
    msg_control: [32, 8],
    msg_controllen: [40, 8],
    msg_flags: [48, 4],
  }),
  cmsghdr: layout(16, { cmsg_len: [0, 8], cmsg_level: [8, 4], cmsg_type: [12, 4] }),
}

/** Lengths as POSIX wants them, 32 bits and padding. On these little-endian machines the kernel sees no difference. */
const musl = {
  msghdr: layout(56, { ...glibc.msghdr.members, msg_iovlen: [24, 4], msg_controllen: [40, 4] }),
  cmsghdr: layout(16, { ...glibc.cmsghdr.members, cmsg_len: [0, 4] }),
}

const packedEvent = { epoll_event: layout(12, { events: [0, 4], data: [4, 8] }) }
const alignedEvent = { epoll_event: layout(16, { events: [0, 4], data: [8, 8] }) }

/** All of them, by architecture and C library. */
export const layouts = {
  x64: { glibc: { ...common, ...glibc, ...packedEvent }, musl: { ...common, ...musl, ...packedEvent } },
  arm64: { glibc: { ...common, ...glibc, ...alignedEvent }, musl: { ...common, ...musl, ...alignedEvent } },
}

/** The structs of one architecture and C library. */
export type Structs = (typeof layouts)['x64']['glibc']

/** The table of the machine this runs on. The kernel's view, which is glibc's, serves musl too. */
export const here: Structs = layouts[process.arch === 'arm64' ? 'arm64' : 'x64'].glibc
