/** By which connections come to the writer. The supervisor holds both ends, so nothing in it is lost with a process. */
import { SOCK_CLOEXEC, SOCK_SEQPACKET } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { socketpair } from '../libc/socket.js'

export interface Channels {
  /** The writer's. */
  receiver: number
  /** All connection processes have it, and can only send. */
  sender: number
}

/** @throws {PosixError} EMFILE, ENFILE */
export function openChannels(): Channels {
  const [receiver, sender] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
  return { receiver, sender }
}

export function closeChannels({ receiver, sender }: Channels): void {
  close(receiver)
  close(sender)
}
