/** struct iovec, msghdr and cmsghdr, of addresses that the caller has. Pure. recvmsg(2), cmsg(3) */
import { here } from './tables.js'

const { iovec, msghdr, cmsghdr } = here

/** A piece of memory: address, length in bytes. */
export interface Piece {
  readonly address: bigint
  readonly length: number
}

/** An array of struct iovec. */
export function encodeIovecs(pieces: readonly Piece[]): Buffer {
  const buffer = Buffer.alloc(pieces.length * iovec.size)
  pieces.forEach(({ address, length }, index) => {
    buffer.writeBigUInt64LE(address, index * iovec.size + iovec.members.iov_base[0])
    buffer.writeBigUInt64LE(BigInt(length), index * iovec.size + iovec.members.iov_len[0])
  })
  return buffer
}

/** The parts of a struct msghdr; `count` is the number of iovecs. */
export interface MessageParts {
  readonly name?: Piece | undefined
  readonly vectors: bigint
  readonly count: number
  readonly control?: Piece | undefined
}

export function encodeMsghdr({ name, vectors, count, control }: MessageParts): Buffer {
  const buffer = Buffer.alloc(msghdr.size)
  const { msg_name, msg_namelen, msg_iov, msg_iovlen, msg_control, msg_controllen } = msghdr.members
  if (name !== undefined) {
    buffer.writeBigUInt64LE(name.address, msg_name[0])
    buffer.writeUInt32LE(name.length, msg_namelen[0])
  }
  buffer.writeBigUInt64LE(vectors, msg_iov[0])
  buffer.writeUInt32LE(count, msg_iovlen[0])
  if (control !== undefined) {
    buffer.writeBigUInt64LE(control.address, msg_control[0])
    buffer.writeUInt32LE(control.length, msg_controllen[0])
  }
  return buffer
}

/** What recvmsg(2) left in a struct msghdr: lengths in bytes, MSG_* flags. */
export const decodeMsghdr = (buffer: Buffer): { nameBytes: number; controlBytes: number; flags: number } => ({
  nameBytes: buffer.readUInt32LE(msghdr.members.msg_namelen[0]),
  controlBytes: buffer.readUInt32LE(msghdr.members.msg_controllen[0]),
  flags: buffer.readInt32LE(msghdr.members.msg_flags[0]),
})

/** Control data are padded to words of 8 bytes. */
const aligned = (bytes: number): number => (bytes + 7) & ~7

/** CMSG_SPACE(3) */
export const CMSG_SPACE = (bytes: number): number => aligned(cmsghdr.size) + aligned(bytes)

/** CMSG_LEN(3) */
export const CMSG_LEN = (bytes: number): number => aligned(cmsghdr.size) + bytes

/** One control message. */
export interface ControlMessage {
  readonly level: number
  readonly type: number
  readonly data: Uint8Array
}

/** A control message, padded to CMSG_SPACE. */
export function encodeControl({ level, type, data }: ControlMessage): Buffer {
  const buffer = Buffer.alloc(CMSG_SPACE(data.length))
  buffer.writeUInt32LE(cmsghdr.size + data.length, cmsghdr.members.cmsg_len[0])
  buffer.writeInt32LE(level, cmsghdr.members.cmsg_level[0])
  buffer.writeInt32LE(type, cmsghdr.members.cmsg_type[0])
  buffer.set(data, cmsghdr.size)
  return buffer
}

/** The control messages in `control`, in order; a truncated last one has the data that came. */
export function decodeControl(control: Buffer): ControlMessage[] {
  const messages: ControlMessage[] = []
  for (let at = 0; at + cmsghdr.size <= control.length; ) {
    const length = control.readUInt32LE(at + cmsghdr.members.cmsg_len[0])
    if (length < cmsghdr.size) break
    messages.push({
      level: control.readInt32LE(at + cmsghdr.members.cmsg_level[0]),
      type: control.readInt32LE(at + cmsghdr.members.cmsg_type[0]),
      data: control.subarray(at + cmsghdr.size, at + length),
    })
    at += aligned(length)
  }
  return messages
}

/** Descriptors as the data of an SCM_RIGHTS message. */
export function encodeRights(fds: readonly number[]): Buffer {
  const data = Buffer.alloc(fds.length * 4)
  fds.forEach((fd, index) => {
    data.writeInt32LE(fd, index * 4)
  })
  return data
}

export const decodeRights = (data: Uint8Array): number[] => {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  return Array.from({ length: data.length >> 2 }, (_, index) => view.getInt32(index * 4, true))
}
