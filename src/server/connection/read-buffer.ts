/** Where all connections of a process read to: one after the other, so one buffer is enough. */
import { fixedAddress } from '../../libc/ffi.js'
import { recvNow, sendNow, sendNowAt } from '../../libc/stream.js'

/** Taken at most by a read. One that takes less has taken all there was. */
export const READ_BYTES = 64 * 1024
/** Chunks up to this long are made once, where it was asked for. */
const KEPT_BYTES = 1024

const memory = Buffer.allocUnsafeSlow(READ_BYTES)
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

/** Copies are cut from it, as Node does for its own, in fewer steps. */
const POOL_BYTES = 8192
let pool = Buffer.allocUnsafeSlow(POOL_BYTES)
let used = 0

/** A copy of what was received, to be kept. */
export function copyOf(chunk: Buffer): Buffer {
  const { length } = chunk
  if (length > POOL_BYTES / 2) return Buffer.from(chunk)
  if (used + length > POOL_BYTES) {
    pool = Buffer.allocUnsafeSlow(POOL_BYTES)
    used = 0
  }
  pool.set(chunk, used)
  const copy = pool.subarray(used, used + length)
  used += length
  return copy
}

let latest: Uint8Array | undefined

/** What was received, valid until the next time. */
export function received(count: number): Buffer {
  const chunk = kept === undefined || count > KEPT_BYTES ? memory.subarray(0, count) : keep(kept, count)
  latest = chunk
  return chunk
}

/** Sends; what was just received, from where it lies. send(2) */
export const send = (fd: number, bytes: Uint8Array): number | undefined =>
  bytes === latest ? sendNowAt(fd, address, bytes.length) : sendNow(fd, bytes)
