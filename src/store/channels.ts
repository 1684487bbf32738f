/** The pipe and the socket pair between all connection processes and the writer. The supervisor holds every end, so nothing in them is lost with a process. */
import { F_SETPIPE_SZ, O_CLOEXEC, O_DIRECT, PIPE_BUF, SOCK_CLOEXEC, SOCK_SEQPACKET } from '../libc/constants.js'
import { close, fcntl, pipe2, setNonBlocking } from '../libc/fd.js'
import { PosixError } from '../libc/posix-error.js'
import { socketpair } from '../libc/socket.js'

/** What an unprivileged process may ask for by default. pipe(7), /proc/sys/fs/pipe-max-size */
const PIPE_BYTES = 1024 * 1024
const LEAST_BYTES = 64 * 1024

export interface Channels {
  packets: {
    /** Does not block: the writer reads until it is empty. */
    readEnd: number
    /** Blocks: a full pipe stops the sender, which then does not read its client. */
    writeEnd: number
    /** Packets that the pipe holds at most. */
    capacity: number
  }
  registrations: { receiver: number; sender: number }
}

/** @throws {PosixError} EMFILE, ENFILE */
export function openChannels(): Channels {
  // O_DIRECT: packet mode, a read takes what one write gave. A killed writer so never leaves half of a packet. pipe(2)
  const [readEnd, writeEnd] = pipe2(O_CLOEXEC | O_DIRECT)
  setNonBlocking(readEnd, true)
  const [receiver, sender] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
  return {
    packets: { readEnd, writeEnd, capacity: enlarge(writeEnd) / PIPE_BUF },
    registrations: { receiver, sender },
  }
}

/** Halves what it asks for until the kernel agrees: EPERM when all pipes of this user together have enough. */
function enlarge(pipe: number): number {
  for (let bytes = PIPE_BYTES; bytes > LEAST_BYTES; bytes /= 2) {
    try {
      return fcntl(pipe, F_SETPIPE_SZ, bytes)
    } catch (error) {
      if (!(error instanceof PosixError)) throw error
    }
  }
  return LEAST_BYTES
}

export function closeChannels({ packets, registrations }: Channels): void {
  for (const fd of [packets.readEnd, packets.writeEnd, registrations.receiver, registrations.sender]) close(fd)
}
