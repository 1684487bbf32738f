/** siginfo_t: what the kernel tells about a signal. Laid out alike on x86-64 and arm64. sigaction(2) */
import { SIGCHLD } from './constants.js'

export const SIGINFO_BYTES = 128

// si_code, bits/siginfo-consts.h
export const SI_USER = 0
export const SI_QUEUE = -1
export const SI_TIMER = -2
export const SI_TKILL = -6
export const SI_KERNEL = 0x80
export const CLD_EXITED = 1
export const CLD_KILLED = 2
export const CLD_DUMPED = 3
export const CLD_TRAPPED = 4
export const CLD_STOPPED = 5
export const CLD_CONTINUED = 6

/** Which of the fields are there depends on `si_code`. */
export interface SigInfo {
  /** Signal number. */
  si_signo: number
  /** Why it was sent: SI_USER, SI_QUEUE, CLD_EXITED, … */
  si_code: number
  si_errno: number
  /** Sender, or the child. With SI_USER, SI_QUEUE, SI_TKILL and for SIGCHLD. */
  si_pid?: number
  /** Real user of the sender, or of the child. */
  si_uid?: number
  /** SIGCHLD: the exit status with CLD_EXITED, otherwise the signal. */
  si_status?: number
  /** SIGCHLD: time the child used, in clock ticks. */
  si_utime?: number
  si_stime?: number
  /** SI_QUEUE: the int that sigqueue(3) sent. */
  si_value?: number
}

/** Decodes a siginfo_t. */
export function decodeSiginfo(bytes: Buffer): SigInfo {
  const si_signo = bytes.readInt32LE(0)
  const si_code = bytes.readInt32LE(8)
  const info: SigInfo = { si_signo, si_code, si_errno: bytes.readInt32LE(4) }
  const sender = { si_pid: bytes.readInt32LE(16), si_uid: bytes.readUInt32LE(20) }
  if (si_code === SI_QUEUE) return { ...info, ...sender, si_value: bytes.readInt32LE(24) }
  if (si_code === SI_USER || si_code === SI_TKILL) return { ...info, ...sender }
  if (si_signo !== SIGCHLD || si_code < CLD_EXITED || si_code > CLD_CONTINUED) return info
  const times = {
    si_utime: Number(bytes.readBigInt64LE(32)),
    si_stime: Number(bytes.readBigInt64LE(40)),
  }
  return { ...info, ...sender, si_status: bytes.readInt32LE(24), ...times }
}
