/** How a process comes to the writer: a socket pair, one end of which the writer is given. */
import {
  ECONNRESET,
  EMFILE,
  ENFILE,
  ENOBUFS,
  ENOMEM,
  EPIPE,
  ETOOMANYREFS,
  SOCK_CLOEXEC,
  SOCK_SEQPACKET,
} from '../../libc/constants.js'
import { close } from '../../libc/fd.js'
import { PosixError } from '../../libc/posix-error.js'
import { sendDescriptor } from '../../libc/scm-rights.js'
import { socketpair } from '../../libc/socket.js'
import { recvNow } from '../../libc/stream.js'
import type { Channels } from '../channels.js'
import { ACK_BYTES, DETAILED_BYTES, decodeDetailed, encodeRegistration, type Registration, readAck } from '../wire.js'
import type { Heard, LinkOwner } from './link.js'

/** Between attempts to register. */
export const FIRST_REST_MS = 5
export const LONGEST_REST_MS = 200

/** Told what is short, each time that it is tried to register. */
export type Short = (refusal: () => PosixError) => void

const SHORTAGES = [EMFILE, ENFILE, ETOOMANYREFS, ENOBUFS, ENOMEM]
const GONE = [EPIPE, ECONNRESET]

const isOne = (error: unknown, of: readonly number[]): error is PosixError =>
  error instanceof PosixError && of.includes(-error.errno)

/** Whether there is nobody at the other end any more. */
export const isGone = (error: unknown): boolean => isOne(error, GONE)

/**
 * Gives the writer the other end of a new pair, so that its end is seen here when the writer dies.
 *
 * @returns our end; undefined when there is no room now: of descriptors here, of those on the way, or in the socket
 */
export function introduce({ sender }: Channels, registration: Registration, short: Short): number | undefined {
  let ends: [number, number] | undefined
  try {
    ends = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
    if (sendDescriptor(sender, encodeRegistration(registration), ends[1])) {
      close(ends[1])
      return ends[0]
    }
  } catch (error) {
    if (!isOne(error, SHORTAGES)) throw error
    short(() => error)
  }
  for (const fd of ends ?? []) close(fd)
  return undefined
}

/** What the writer has told; 0 bytes when it is gone, which the kernel may say before what it has told. unix(7) */
export function receiveNow(socket: number, address: number, count: number): number | undefined {
  for (;;)
    try {
      return recvNow(socket, address, count)
    } catch (error) {
      if (!isOne(error, [ECONNRESET])) throw error
    }
}

/** Passes on what the writer has told of a connection: the bytes of `told` from `from` to `to`. */
export function hear(told: Buffer, from: number, to: number, { wantsSequences }: LinkOwner, heard: Heard): void {
  if (wantsSequences === true && to - from >= DETAILED_BYTES) {
    const { through, errno, reached } = readAck(told, from)
    heard(through, errno, reached, decodeDetailed(told.subarray(from, to)))
    return
  }
  for (let at = from; at < to; at += ACK_BYTES) {
    const { through, errno, reached } = readAck(told, at)
    heard(through, errno, reached)
  }
}
