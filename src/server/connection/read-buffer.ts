/** Where all connections of a process read to: one after the other, so one buffer is enough. */
import { fixedAddress } from '../../libc/ffi.js'
import { recvNow, sendNow, sendNowAt } from '../../libc/stream.js'

/** Taken at most by a read. One that takes less has taken all there was. */
export const READ_BYTES = 64 * 1024
/** Chunks up to this long are made once, where it was asked for. */
const KEPT_BYTES = 1024

/** Behind it: for the first chunks of a process that are kept. To make a Buffer of its own for each costs a forked one a dozen pages. */
const FIRST_BYTES = 8192

const memory = Buffer.allocUnsafeSlow(READ_BYTES + FIRST_BYTES)
/** Up to where it is given away. */
let given = READ_BYTES
const address = fixedAddress(memory)
/** By length; undefined unless they are kept. */
let kept: (Buffer | undefined)[] | undefined

/** Reads once; `0` at end of file, `undefined` when nothing is there. recv(2) */
export const receive = (fd: number): number | undefined => recvNow(fd, address, READ_BYTES)

/** For a process that serves many messages: making a Buffer costs a tenth of a system call. */
export function keepChunks(): void {
  kept ??= new Array(KEPT_BYTES + 1).fill(undefined)
}

function keep(chunks: (Buffer | undefined)[], count: number): Buffer {
  const chunk = chunks[count] ?? memory.subarray(0, count)
  chunks[count] = chunk
  return chunk
}

let latest: Uint8Array | undefined
let latestAt = 0

/** What was received, valid until the next time. */
export function received(count: number): Buffer {
  const chunk = kept === undefined || count > KEPT_BYTES ? memory.subarray(0, count) : keep(kept, count)
  latest = chunk
  latestAt = 0
  return chunk
}

/** What rehearsals were given is nobody's any more. */
export const takeBackKept = (): void => {
  given = READ_BYTES
}

/** What was received, to be kept by whoever takes it. */
export function receivedToKeep(count: number): Buffer {
  if (given + count > memory.length) return Buffer.from(received(count))
  latestAt = given
  memory.copyWithin(given, 0, count)
  given += count
  const chunk = memory.subarray(latestAt, given)
  latest = chunk
  return chunk
}

/** Sends; what was just received, from where it lies. send(2) */
export const send = (fd: number, bytes: Uint8Array): number | undefined =>
  bytes === latest ? sendNowAt(fd, address + latestAt, bytes.length) : sendNow(fd, bytes)
