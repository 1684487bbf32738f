/** Structs that are values of socket options. Pure. socket(7), unix(7) */
import { here } from './tables.js'

/** SO_LINGER: whether close(2) waits for unsent data, and how many seconds; on with 0 resets the connection. */
export interface linger {
  l_onoff: number
  l_linger: number
}

/** SO_PEERCRED: who the process at the other end of a unix socket was when it connected. */
export interface ucred {
  pid: number
  uid: number
  gid: number
}

const { linger: lingerLayout, ucred: ucredLayout } = here

export function encodeLinger({ l_onoff, l_linger }: linger): Buffer {
  const buffer = Buffer.alloc(lingerLayout.size)
  buffer.writeInt32LE(l_onoff, lingerLayout.members.l_onoff[0])
  buffer.writeInt32LE(l_linger, lingerLayout.members.l_linger[0])
  return buffer
}

export const decodeLinger = (buffer: Buffer): linger => ({
  l_onoff: buffer.readInt32LE(lingerLayout.members.l_onoff[0]),
  l_linger: buffer.readInt32LE(lingerLayout.members.l_linger[0]),
})

export const decodeUcred = (buffer: Buffer): ucred => ({
  pid: buffer.readInt32LE(ucredLayout.members.pid[0]),
  uid: buffer.readUInt32LE(ucredLayout.members.uid[0]),
  gid: buffer.readUInt32LE(ucredLayout.members.gid[0]),
})
