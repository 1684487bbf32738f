/** Where all connections of a process read to: one after the other, so one buffer is enough. */
import { fixedAddress } from '../posix/libc.js'
import { recvNow, sendNow, sendNowAt } from '../posix/stream.js'

/** Taken at most by a read. One that takes less has taken all there was. */
export const READ_BYTES = 64 * 1024
/** Chunks up to this long are made once: a Buffer costs as much to make as a tenth of the system call. */
const KEPT_BYTES = 1024

const memory = Buffer.allocUnsafeSlow(READ_BYTES)
const address = fixedAddress(memory)
/** By length. */
const kept: (Buffer | undefined)[] = new Array(KEPT_BYTES + 1).fill(undefined)

/** Reads once; `0` at end of file, `undefined` when nothing is there. recv(2) */
export const receive = (fd: number): number | undefined => recvNow(fd, address, READ_BYTES)

let latest: Uint8Array | undefined

/** What was received, valid until the next time. */
export function received(count: number): Buffer {
  const chunk = kept[count] ?? memory.subarray(0, count)
  if (count <= KEPT_BYTES) kept[count] = chunk
  latest = chunk
  return chunk
}

/** Sends; what was just received, from where it lies. send(2) */
export const send = (fd: number, bytes: Uint8Array): number | undefined =>
  bytes === latest ? sendNowAt(fd, address, bytes.length) : sendNow(fd, bytes)
